"""What the receiving server thought of SPF, DKIM and DMARC, as it wrote on the mail itself."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy

from django.utils.translation import gettext as _

from regulars.channels.email.round_trip.findings import Finding

METHODS = ("spf", "dkim", "dmarc")
_RESULT = re.compile(r"(?:^|;)\s*(spf|dkim|dmarc)\s{0,5}=\s{0,5}([a-z]{2,12})", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]{0,500}\)")


def of(raw: bytes) -> Iterator[Finding]:
    """One finding each; only the topmost header counts, as those below were written by others on the way."""
    results = _results(raw)
    if not results:
        yield Finding(
            None, _("The receiving server wrote nothing about SPF, DKIM and DMARC, so they cannot be seen here.")
        )
        return
    for method in METHODS:
        yield _finding(method, results.get(method))


def _results(raw: bytes) -> dict[str, str]:
    mail = message_from_bytes(raw, policy=policy.compat32)
    said = str(mail.get("Authentication-Results") or "")[:5000]
    found: dict[str, str] = {}
    for method, result in _RESULT.findall(_COMMENT.sub(" ", " ".join(said.split()))):
        method, result = method.lower(), result.lower()
        if found.get(method) != "pass":  # of several signatures one good one is enough
            found[method] = result
    return found


def _finding(method: str, result: str | None) -> Finding:
    name = method.upper()
    if result is None:
        return Finding(None, _("The receiving server did not look at %(name)s.") % {"name": name})
    if result == "pass":
        return Finding(True, _("%(name)s passes at the receiving server.") % {"name": name})
    if result == "none":
        return Finding(False, _("The receiving server found no %(name)s.") % {"name": name})
    words = _("%(name)s does not pass at the receiving server: it says %(result)s.")
    return Finding(False, words % {"name": name, "result": result})
