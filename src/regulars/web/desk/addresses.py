"""Addresses as they are typed: "Ada Moreno <ada@example.com>, musa@example.com"."""

from collections.abc import Iterable
from email.utils import getaddresses

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from regulars.kernel.errors import Invalid

MOST = 50
LONGEST = 10_000

Address = dict[str, str]


def parse(text: str) -> list[Address]:
    """The addresses in a line, each once; what is none is refused by its own words."""
    text = " ".join(text.replace(";", ",").split())
    if len(text) > LONGEST:
        raise Invalid(_("Those are too many addresses. Nothing was sent; your text is still here."))
    found: dict[str, Address] = {}
    for name, address in getaddresses([text]) if text else []:
        found.setdefault(address.casefold(), {"name": name[:200], "address": _usable(address, text)})
    if len(found) > MOST:
        raise Invalid(_("A message goes to %(count)d addresses at most. Your text is still here.") % {"count": MOST})
    return list(found.values())


def written(people: Iterable[Address]) -> str:
    """Addresses as one types them; a name that would break the line stands in quotes."""
    return ", ".join(_one(one.get("name", ""), one.get("address", "")) for one in people if one.get("address"))


def _one(name: str, address: str) -> str:
    if not name or name == address:
        return address
    quoted = name.replace("\\", "").replace('"', "'")
    return f'"{quoted}" <{address}>' if set(quoted) & set(',;<>()[]:@."') else f"{quoted} <{address}>"


def _usable(address: str, text: str) -> str:
    try:
        validate_email(address)
    except ValidationError as refusal:
        said = _("“%(address)s” is no e-mail address. Nothing was sent; your text is still here.")
        raise Invalid(said % {"address": (address or text)[:100]}) from refusal
    return address
