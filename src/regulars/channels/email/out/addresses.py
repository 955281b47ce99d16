"""Addresses of recipients: domains in the form every server takes, other letters only where they must be."""

from collections.abc import Iterable
from email.errors import HeaderParseError
from email.headerregistry import Address

from regulars.channels import letters
from regulars.channels.email.out.headers import one_line
from regulars.kernel.errors import Invalid

LONGEST = 254
_NEVER_BARE = frozenset(' <>,;:"\\@()[]')


class AddressNotUsable(Invalid):
    """This is not an address mail can be sent to."""


def written(address: letters.Address) -> Address:
    """One recipient as a header takes it; the domain as servers take it."""
    return named(address.get("name", ""), address.get("address", ""))


def named(name: str, address: str) -> Address:
    """A name and an address; raises `AddressNotUsable` for what is none."""
    try:
        local, _, domain = ascii_domain(address).rpartition("@")
        return Address(display_name=one_line(name)[:200], username=local, domain=domain)
    except (ValueError, HeaderParseError, IndexError) as refusal:
        raise AddressNotUsable(f"{AddressNotUsable.__doc__} ({one_line(address)[:100]})") from refusal


def ascii_domain(address: str) -> str:
    """The address with its domain in IDNA's ASCII form: münchen.example is xn--mnchen-3ya.example."""
    local, at, domain = address.strip().rpartition("@")
    if not (local and at and domain) or len(address) > LONGEST or one_line(address) != address.strip():
        raise ValueError("not an address")
    if set(local + domain) & _NEVER_BARE or domain.strip(".-") != domain:
        raise ValueError("not an address")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


def each_once(addresses: Iterable[letters.Address], *, but: Iterable[str] = ()) -> list[letters.Address]:
    """The addresses in order, each once whatever its case, without those that already get it."""
    seen = {normal(address) for address in but}
    kept: list[letters.Address] = []
    for address in addresses:
        spelt = normal(address.get("address", ""))
        if spelt and spelt not in seen:
            seen.add(spelt)
            kept.append(address)
    return kept


def normal(address: str) -> str:
    """By what two spellings of one address are compared."""
    return address.strip().lower()


def needs_utf8(addresses: Iterable[str]) -> bool:
    """Whether one of them can only go through servers that speak SMTPUTF8."""
    return any(not address.isascii() for address in addresses)
