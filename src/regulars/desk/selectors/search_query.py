"""Reading what somebody typed into the search: words, "phrases", -without, and operators.

    from:ada label:shipping is:open before:2026-03-01 "torn bag" -refund late OR lost #4711

An operator that names nothing there is becomes an ordinary word, so that nobody has to know them, and is told of.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from regulars.customers import normalise
from regulars.desk.selectors import field_search
from regulars.desk.selectors import search_operators as operators
from regulars.desk.selectors.conditions import Tree
from regulars.desk.selectors.search_operators import OPERATORS as OPERATORS
from regulars.desk.words import in_order

LONGEST: Final = 500
MOST_WORDS: Final = 12
LEAST_DIGITS: Final = 7  # of a telephone's number

# As telephones, and keyboards of other scripts, write the signs that mean something here.
_SIGNS: Final = str.maketrans(dict.fromkeys("“”„‟«»\uff02", '"') | {"\uff1a": ":", "\uff0d": "-", "\uff03": "#"})
_NAMES: Final = "|".join([*(name.removesuffix(":") for name in OPERATORS), *operators.ALSO_CALLED])
_APART: Final = re.compile(rf"(?<!\S)(-?(?:{_NAMES}):)\s+(?=[^\s:-][^\s:]*(?:\s|$)|\")", re.IGNORECASE)
_PARTS: Final = re.compile(
    r'(?P<minus>-?)(?:(?P<name>[a-z][a-z0-9_]*):)?(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))', re.IGNORECASE
)
_UNFINISHED: Final = re.compile(rf"-?(?:{_NAMES}):\"*", re.IGNORECASE)
_DIALLED: Final = re.compile(r"\+?[\d\s().\-/]+")


@dataclass(slots=True)
class Query:
    """What is asked for: words that must be there, phrases as written, words that must not, conditions, numbers.

    `either` names what may stand in a word's place. What is `as_written` is not taken for another word; what in a
    phrase has a further word behind it is `whole`. Words `in_subject` and `in_files` are words too. `unknown` names
    the operators that were not understood.
    """

    words: list[str] = field(default_factory=list)
    either: dict[str, list[str]] = field(default_factory=dict)
    as_written: set[str] = field(default_factory=set)
    phrases: list[str] = field(default_factory=list)
    whole: set[str] = field(default_factory=set)
    in_subject: list[str] = field(default_factory=list)
    in_files: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    without_phrases: list[str] = field(default_factory=list)
    trees: list[Tree] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    without_senders: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    dialled: str = ""
    is_spam: bool = False
    unknown: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        is_denied = self.without or self.without_phrases or self.without_senders
        return not (self.words or self.trees or self.senders or self.numbers or self.is_spam or is_denied)


@dataclass(slots=True)
class _Part:
    """One thing somebody typed; `either` are words that may stand in its place."""

    name: str
    value: str
    is_not: bool
    is_quoted: bool
    either: list[str] = field(default_factory=list)

    @property
    def is_bare(self) -> bool:
        return not (self.name or self.is_not or self.is_quoted)

    @property
    def text(self) -> str:
        return f"{self.name}:{self.value}" if self.name else self.value


def read(text: str, *, zone: str) -> Query:
    """Understand what was typed; days are days in the given zone."""
    text = text[:LONGEST].translate(_SIGNS)
    query = Query()
    parts = _parts(text)
    for part in _joined(parts) if any(letter.islower() for letter in text) else parts:
        if not (part.name and _operator(query, part, zone=zone)):
            _words(query, part)
    if len(query.words) == 1:  # a number among words is how many, or how much
        query.numbers += [int(part.value) for part in parts if part.is_bare and _digits(part.value)]
    _dialled(query, text)
    return query


def _parts(text: str) -> list[_Part]:
    """Everything that was typed but for an operator that nothing was put behind yet."""
    found = _PARTS.finditer(_APART.sub(r"\1", text))
    return [part for match in found if not _UNFINISHED.fullmatch(match[0]) and (part := _part(match)).value]


def _part(match: re.Match[str]) -> _Part:
    phrase = match["phrase"]
    value = match["word"] if phrase is None else phrase
    return _Part((match["name"] or "").lower(), value, bool(match["minus"]), phrase is not None)


def _joined(parts: list[_Part]) -> list[_Part]:
    """Where not all is in capitals: one word OR another, NOT a third; AND is meant anyway."""
    found: list[_Part] = []
    sign = ""
    for place, part in enumerate(parts):
        if part.is_bare and part.value in ("AND", "OR", "NOT") and place < len(parts) - 1:
            sign = part.value
            continue
        if sign == "OR" and found and part.is_bare and found[-1].is_bare and len(list(in_order(part.value))) == 1:
            found[-1].either += in_order(part.value)
        else:
            part.is_not |= sign == "NOT"
            found.append(part)
        sign = ""
    return found


def _operator(query: Query, part: _Part, *, zone: str) -> bool:
    """Take an operator in; false when it is none, or says nothing we know."""
    name, value = part.name, part.value
    if f"{name}:" not in OPERATORS and (tree := field_search.tree(name, value)):
        query.trees.append({"not": tree} if part.is_not else tree)
        return True
    if not operators.is_known(name):
        return False
    name = operators.named(name)
    if name == "is" and value.lower() == "spam" and not part.is_not:
        query.is_spam = True
    elif tree := operators.tree(name, value, zone=zone):
        query.trees = operators.added(query.trees, {"not": tree} if part.is_not else tree)
    elif name in ("from", "to"):
        (query.without_senders if part.is_not else query.senders).append(value)
    elif name in ("subject", "file") and not part.is_not:
        _words(query, _Part("", value, is_not=False, is_quoted=part.is_quoted))
        (query.in_subject if name == "subject" else query.in_files).append(value)
    else:
        query.unknown.append(f"-{part.text}" if part.is_not else part.text)
        return part.is_not  # nothing is called so, and so nothing is left out
    return True


def _words(query: Query, part: _Part) -> None:
    found = list(in_order(part.text))
    if part.is_not:
        if part.is_quoted and len(found) > 1:
            query.without_phrases.append(part.value)
        else:
            query.without += found
        return
    if part.value.startswith("#") and _digits(part.value[1:]):
        query.numbers.append(int(part.value[1:]))
    query.words += [word for word in dict.fromkeys(found) if word not in query.words][: MOST_WORDS - len(query.words)]
    if part.either and len(found) == 1:
        query.either.setdefault(found[0], []).extend(part.either)
    if part.is_quoted:
        query.as_written.update(found)
        if len(found) > 1:
            query.phrases.append(part.value)
            query.whole.update(found[:-1])


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _dialled(query: Query, text: str) -> None:
    """A telephone's number is one, however its digits are grouped."""
    number = normalise.phone(text) if _DIALLED.fullmatch(text) else None
    if number and len(number) >= LEAST_DIGITS:
        query.dialled = number
        for word in query.words if len(query.words) > 1 else ():
            query.either[word] = [number.removeprefix("+")]
