"""Words a worker puts down, to be read later by people of any language.

A worker has no reader. What it puts down is the phrase and the values in it, and the phrase in English behind
them; whoever reads it gets it in their own language. A `SaidField` does so when it is fetched. Around and
between phrases stands what others said (a mail server's answer), as it is; what was put down in plain words,
as all was before, is shown as it is.

A phrase may stand inside another's values. Nothing from outside becomes a phrase: its marks are control
characters, taken out of what others say (`plain`), and only a phrase's own values are put in, as they are.
"""

import json
import re
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext

from regulars.kernel.errors import DomainError

BEGIN, ENGLISH, END = "\x02", "\x1e", "\x03"
# For statements that take rows out as they are: the English phrases, without what stands before them.
IN_ENGLISH: Final = r"regexp_replace({0}, E'\x02[^\x1e]*\x1e|\x03', '', 'g')"
_PHRASE: Final = re.compile(f"{BEGIN}([^{BEGIN}{ENGLISH}{END}]*){ENGLISH}([^{BEGIN}{ENGLISH}{END}]*){END}")
_VALUE: Final = re.compile(r"%\((\w{1,40})\)s")
_MARKS: Final = str.maketrans("", "", BEGIN + ENGLISH + END)


class Phrase(str):
    """A phrase that is put down; with `%` its values are put into it, as into any text."""

    __slots__ = ("key",)
    key: str

    def __mod__(self, values: Any) -> str:
        return _put_down(self.key, dict(values))


def phrase(text: str) -> Phrase:
    """A phrase to put down. Imported under gettext's name, so that catalogues find it."""
    made = Phrase(_put_down(text, {}))
    made.key = text
    return made


def refusal_of(refusal: DomainError) -> str:
    """What was refused: its own words where it has any, else the sentence of its kind as a phrase."""
    return plain(str(refusal.args[0])) if refusal.args else phrase((type(refusal).__doc__ or "").strip())


def _put_down(text: str, values: dict[str, Any]) -> str:
    kept = {name: str(value) for name, value in values.items()}
    english = _filled(text, {name: in_english(value) for name, value in kept.items()})
    return f"{BEGIN}{json.dumps([text, kept])}{ENGLISH}{english.translate(_MARKS)}{END}"


def shown(text: str) -> str:
    """Every phrase in the reader's language."""
    return _PHRASE.sub(_in_their_language, text).translate(_MARKS) if BEGIN in text else text


def in_english(text: str) -> str:
    """Every phrase in English, as for facts and programs."""
    return _PHRASE.sub(lambda found: found[2], text).translate(_MARKS) if BEGIN in text else text


def plain(text: str) -> str:
    """What somebody else said, without what looks like a phrase of ours."""
    return text.translate(_MARKS)


def _in_their_language(found: re.Match[str]) -> str:
    try:
        text, values = json.loads(found[1])
        return _filled(gettext(text), {name: shown(value) for name, value in values.items()})
    except (ValueError, TypeError, AttributeError):  # cut off where it was too long, or written by another version
        return found[2]


def _filled(text: str, values: dict[str, str]) -> str:
    filled = _VALUE.sub(lambda found: values.get(found[1], found[0]), text)
    return filled.replace("%%", "%") if values else filled


class SaidField(models.TextField):
    """A text of phrases and others' words, fetched in the language of whoever reads; in the database it is a text."""

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return shown(value) if value else value

    def deconstruct(self) -> Any:
        """A text: for the database nothing changes."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
