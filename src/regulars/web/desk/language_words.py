"""Languages by name: how a conversation's code is said to the reader, which are offered, what a typed name means.

The names are those the framework carries, in its translations; a code it does not know is shown as it is.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.desk import languages
from regulars.kernel.looking import Shared

OF_OURS: Final = {"zh": "Chinese"}  # known to the framework only with its script
CODES: Final = tuple(sorted({code for code in LANG_INFO if "-" not in code} | OF_OURS.keys()))
OFTEN: Final = (
    "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it",
    "ja", "ko", "lt", "lv", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "vi", "zh",
)  # fmt: skip
"""What a menu offers; every other one is on the page with room for it."""


def name(code: str) -> str:
    """ "German" for "de", in the reader's language; nothing for nothing."""
    known = OF_OURS.get(code) or LANG_INFO.get(code, {}).get("name")
    return _(known) if known else code


def often() -> Shared[tuple[str, str]]:
    """What a menu offers, by name."""
    return _named(get_language(), is_every=False)


def every() -> Shared[tuple[str, str]]:
    """All there are, by name."""
    return _named(get_language(), is_every=True)


def every_and(code: str) -> Sequence[tuple[str, str]]:
    """All there are, and one that is there without being known."""
    return [*every(), (code, name(code))] if code and code not in CODES else every()


def written(codes: Iterable[str]) -> str:
    """Languages on one line, as a form has them."""
    return ", ".join(_("not known") if code == languages.UNKNOWN else name(code) for code in codes)


def read(text: str) -> list[str]:
    """The codes of what was typed: names in the reader's language, in English or in their own, or codes, with commas.

    Codes may stand with spaces between. A word that is none of these stays as it is, to be refused.
    """
    meant = {word.casefold(): code for code in CODES for word in (*_names(code), name(code))}
    meant |= {_("not known").casefold(): languages.UNKNOWN}
    parts = [" ".join(part.split()) for part in text.split(",")]
    words = [word for part in parts for word in ([part] if part.casefold() in meant else part.split())]
    return [meant.get(word.casefold(), word) for word in words]


def _names(code: str) -> tuple[str, ...]:
    """In English, and as those call it who speak it."""
    known = LANG_INFO.get(code)
    return (known["name"], known["name_local"]) if known else (OF_OURS[code],)


@lru_cache(maxsize=100)
def _named(_language: str | None, *, is_every: bool) -> Shared[tuple[str, str]]:
    codes = CODES if is_every else OFTEN
    return Shared(sorted(((code, name(code)) for code in codes), key=lambda each: each[1].casefold()))
