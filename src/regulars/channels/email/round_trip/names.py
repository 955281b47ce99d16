"""What the domain's own records say about SPF, DKIM and DMARC, asked of the name servers under a time limit."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from regulars.channels.email.round_trip.findings import Finding

SECONDS = 5.0
MOST_LOOKUPS = 10

Ask = Callable[[str], list[str]]


class CannotSee(Exception):
    """The name servers do not answer."""


def texts(name: str) -> list[str]:
    """The TXT records of a name, none when there is none; raises `CannotSee` when nobody answers in time."""
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError, ValueError) as silence:
        raise CannotSee from silence
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def of(domain: str, *, selector: str = "", signs: str = "", ask: Ask = texts) -> Iterator[Finding]:
    """What the records of a domain say; one sentence when nothing can be seen from here.

    `signs` is the domain that signs, where it is another.
    """
    try:
        yield from _spf([one for one in ask(domain) if one.lower().split(" ")[0] == "v=spf1"], domain)
        yield from _dmarc(_dmarc_records(domain, ask), domain)
        if selector:
            name = f"{selector}._domainkey.{signs or domain}"
            yield from _dkim(ask(name), name)
    except CannotSee:
        words = _("The name servers do not answer from here, so the records of %(domain)s cannot be seen.")
        yield Finding(None, words % {"domain": domain})


def _spf(records: list[str], domain: str) -> Iterator[Finding]:
    where = {"domain": domain, "count": len(records), "most": MOST_LOOKUPS}
    if not records:
        yield Finding(False, _("%(domain)s has no SPF record: anybody may send in its name.") % where)
        return
    if len(records) > 1:
        yield Finding(False, _("%(domain)s has %(count)s SPF records; with more than one, none counts.") % where)
        return
    terms = records[0].lower().split()[1:]
    asks = sum(term.lstrip("+-~?").split(":")[0].split("=")[0].split("/")[0] in _ASKING for term in terms)
    last = next((term for term in terms if term.lstrip("+-~?") == "all"), None)
    if asks > MOST_LOOKUPS:
        yield Finding(False, _("The SPF record of %(domain)s asks more than %(most)s questions: none counts.") % where)
    elif last in ("all", "+all"):
        yield Finding(False, _("The SPF record of %(domain)s lets everybody send in its name (+all).") % where)
    elif (last is None or last == "?all") and not any(term.startswith("redirect=") for term in terms):
        yield Finding(False, _("The SPF record of %(domain)s does not say who may not send: end it with ~all.") % where)
    else:
        yield Finding(True, _("%(domain)s has an SPF record.") % where)


_ASKING = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})


def _dmarc_records(domain: str, ask: Ask) -> list[str]:
    """Its own, else those of the domain above it: a shop.example.com is covered by example.com."""
    for name in (domain, domain.partition(".")[2]):
        found = [one for one in ask(f"_dmarc.{name}") if one.lower().startswith("v=dmarc1")] if "." in name else []
        if found:
            return found
    return []


def _dmarc(records: list[str], domain: str) -> Iterator[Finding]:
    where = {"domain": domain, "count": len(records)}
    if not records:
        yield Finding(False, _("%(domain)s has no DMARC record: large providers trust its mail less.") % where)
    elif len(records) > 1:
        yield Finding(False, _("%(domain)s has %(count)s DMARC records; with more than one, none counts.") % where)
    elif _tags(records[0]).get("p", "").lower() not in ("none", "quarantine", "reject"):
        yield Finding(False, _("The DMARC record of %(domain)s does not say what to do (p=).") % where)
    elif _tags(records[0])["p"].lower() == "none":
        yield Finding(True, _("%(domain)s has a DMARC record that only watches (p=none).") % where)
    else:
        yield Finding(True, _("%(domain)s has a DMARC record.") % where)


def _dkim(records: list[str], name: str) -> Iterator[Finding]:
    where = {"name": name}
    keys = [_tags(one) for one in records if "p=" in one]
    if not keys:
        yield Finding(False, _("There is no DKIM key at %(name)s: our signature cannot be checked.") % where)
    elif not keys[0].get("p"):
        yield Finding(False, _("The DKIM key at %(name)s was revoked.") % where)
    elif not _is_base64(keys[0]["p"]):
        yield Finding(False, _("The DKIM key at %(name)s cannot be read.") % where)
    else:
        yield Finding(True, _("There is a DKIM key at %(name)s.") % where)


def _tags(record: str) -> dict[str, str]:
    parts = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, sign, value in parts if sign}


def _is_base64(text: str) -> bool:
    try:
        return bool(b64decode(text, validate=True))
    except (NotBase64, ValueError):
        return False
