"""Languages as conversations keep them: the first part of the code alone, so that rules and skills meet them."""

import re
from typing import Final

UNKNOWN: Final = "none"  # in conditions: where nobody said one
_CODE: Final = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*\s*(?:[,;]|$)")


def code_of(said: str) -> str:
    """ "de" of "de-AT", and of "de, en" the first; empty where none is said."""
    found = _CODE.match(said[:200])
    return found[1].lower() if found else ""
