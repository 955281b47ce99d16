"""Who wrote a mail, as far as a mail can say: nobody's From is proof of anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regulars.channels.arrivals import Arrived
from regulars.channels.selectors import addresses
from regulars.customers import normalise

CUSTOMER, NOBODY, OURSELVES, COLLEAGUE = "customer", "nobody", "ourselves", "colleague"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote. `way` is how the customer is recognised; ourselves have none."""

    kind: str
    address: str
    name: str
    way: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Us:
    """The addresses of our channels, and those of colleagues."""

    own: Mapping[str, int]
    colleagues: frozenset[str]


def of(arrived: Arrived, *, us: Us) -> Sender:
    """Who wrote it.

    A form on the company's own site often writes as the company and names the customer in Reply-To: then
    that is the customer. What is neither has been written by ourselves, and never makes us a customer.
    """
    mail = arrived.mail
    named = [mail.author, mail.sender, *mail.reply_to[:1]]
    found = [(address, one.name or "") for one in named if one and (address := normalise.email(one.address or ""))]
    if not found and (said := normalise.email(str(arrived.envelope.get("from") or ""))):
        found = [(said, mail.author.name or "" if mail.author else "")]
    if not found:
        name = (mail.author.name if mail.author else "") or ""
        return Sender(NOBODY, "", name, ("anonymous", f"mail:{arrived.channel_id}:{arrived.digest.hex()}"))
    first, name = found[0]
    if addresses.is_own(first, dict(us.own)):
        return _behind_our_own(arrived, first, name, us=us)
    kind = COLLEAGUE if first in us.colleagues else CUSTOMER
    return Sender(kind, first, name, ("email", first))


def _behind_our_own(arrived: Arrived, own_address: str, name: str, *, us: Us) -> Sender:
    for one in arrived.mail.reply_to[:1]:
        asked = normalise.email(one.address or "")
        if asked and not addresses.is_own(asked, dict(us.own)):
            kind = COLLEAGUE if asked in us.colleagues else CUSTOMER
            return Sender(kind, asked, one.name or "", ("email", asked))
    return Sender(OURSELVES, own_address, name, None)


def first_other(arrived: Arrived, *, us: Us) -> Sender | None:
    """Whom we wrote to, when we wrote from another program: the first recipient that is not ourselves."""
    people: Sequence = (*arrived.mail.to, *arrived.mail.cc)
    for one in people[:100]:
        address = normalise.email(one.address or "")
        if address and not addresses.is_own(address, dict(us.own)) and address not in us.colleagues:
            return Sender(CUSTOMER, address, one.name or "", ("email", address))
    return None
