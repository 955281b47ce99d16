"""How headers are written: folded at spaces, ids never encoded, names of people encoded whole."""

import re
from base64 import b64encode
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

_IDS = frozenset({"message-id", "in-reply-to", "references"})
_PEOPLE = frozenset({"from", "to", "cc", "reply-to"})
_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]+", re.ASCII)
_ROOM = 45  # bytes of UTF-8 in one encoded word, which may be 75 letters long


class HousePolicy(EmailPolicy):
    """The standard library's modern policy but for two headers it spoils.

    It encodes a Message-ID longer than a line, and drops the quotes of a name that has both a comma
    and a letter that is not ASCII, which makes one recipient two.
    """

    def fold(self, name: str, value: Any) -> str:
        if name.lower() in _IDS:
            return f"{name}: {f'{self.linesep} '.join(str(value).split())}{self.linesep}"
        if name.lower() in _PEOPLE and value.addresses:
            people = f",{self.linesep} ".join(_person(address, self.linesep) for address in value.addresses)
            return f"{name}: {people}{self.linesep}"
        return super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("utf-8" if self.utf8 else "ascii", "surrogateescape")


PLAIN = HousePolicy(linesep="\r\n", cte_type="7bit", raise_on_defect=False)
INTERNATIONAL = PLAIN.clone(utf8=True, cte_type="8bit")


def new_message() -> EmailMessage:
    """An empty mail in our policy."""
    return EmailMessage(policy=PLAIN)


def one_line(text: str) -> str:
    """Text as a header takes it: no line breaks, no control letters, no halves of letters."""
    whole = text.encode("utf-8", "ignore").decode()
    return " ".join("".join(letter if letter.isprintable() else " " for letter in whole).split())


def _person(address: Address, linesep: str) -> str:
    spec = f"{address.username}@{address.domain}"
    if not address.display_name:
        return spec
    return f"{_name(address.display_name, linesep)}{linesep if len(spec) > 40 else ''} <{spec}>"


def _name(name: str, linesep: str) -> str:
    if not name.isascii() or "=?" in name:
        return f"{linesep} ".join(_encoded_words(name))
    return name if _ATOMS.fullmatch(name) else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'


def _encoded_words(name: str) -> list[str]:
    """RFC 2047 in base 64, parted between letters, never inside one."""
    words, present = [], ""
    for letter in name:
        if len((present + letter).encode()) > _ROOM:
            words, present = [*words, present], ""
        present += letter
    return [f"=?utf-8?b?{b64encode(word.encode()).decode()}?=" for word in (*words, present)]
