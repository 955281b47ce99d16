"""A look at the house: what every page needs and what seldom changes, asked once a page and understood once.

Colleagues, teams, labels, channels and settings stand on nearly every page, in several places of it. Each
context says how to ask for its part (`Part`), as one JSON text. Within a look the first question fetches all
parts in one round trip, as they stand at that moment; what a text means is worked out once and kept until the
text changes. So nothing is ever out of date, in any process, and nothing has to be told. See docs/adr/0016.

Whoever changes a part must not read it again in the same look: pages that only read are one look, actions none.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

from django.db.models import Model

from regulars.kernel import prepared

K = TypeVar("K")
T = TypeVar("T")
M = TypeVar("M", bound=Model)

_parts: "dict[str, Part[Any]]" = {}
_texts: ContextVar[dict[str, str] | None] = ContextVar("look", default=None)


class Shared(tuple[T, ...]):
    """A list that is the same object for as long as nothing in it changes: so it is its own key."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other


class SharedWords(dict[K, T]):
    """Words by what they stand for, as one object for as long as nothing of it changes."""

    __slots__ = ()
    __hash__ = object.__hash__  # type: ignore[assignment]  # nobody changes it

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other


class Part(Generic[T]):
    """Something that seldom changes: the query of its text, and what the text means.

    `meaning` is given the text and returns something nobody changes: it is shared by all threads. It is a
    function of the text alone, not of a language. The query has no values and gives one row with one text.
    """

    def __init__(self, name: str, query: str, meaning: Callable[[str], T]) -> None:
        self.name, self.query, self.meaning = name, query, meaning
        self._known: tuple[str, T] | None = None
        _parts[name] = self

    def text(self) -> str:
        """How it stands, as a text; two equal texts mean the same, so this is a key for what is made of it."""
        texts = _texts.get()
        if texts is None:
            return _ask([self])[0]
        if not texts:
            texts.update(zip(_parts, _ask(list(_parts.values())), strict=True))
        return texts[self.name]

    def now(self) -> T:
        """How it stands."""
        text, known = self.text(), self._known
        if known is None or known[0] != text:
            self._known = known = (text, self.meaning(text))
        return known[1]


@contextmanager
def look() -> Iterator[None]:
    """Until the end, everything is as it stood when it was first asked for."""
    token = _texts.set({})
    try:
        yield
    finally:
        _texts.reset(token)


@contextmanager
def within() -> Iterator[None]:
    """Go on with the look that is open, else look until the end."""
    if is_open():
        yield
        return
    with look():
        yield


def is_open() -> bool:
    """Whether parts cost nothing more now than the one query they all share."""
    return _texts.get() is not None


def first(asked: prepared.Compiled[M], **given: Any) -> M | None:
    """The first row of a query; if this look has asked for nothing yet, all its parts come in the same round trip."""
    texts = _texts.get()
    if texts is None or texts:
        return asked.first(**given)
    found, *came = asked.first_beside(tuple(part.query for part in _parts.values()), **given)
    texts.update(zip(_parts, came, strict=False))  # nothing came where nothing was found
    return found


def _ask(parts: Sequence[Part[Any]]) -> tuple[str, ...]:
    with prepared.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"({part.query})::text" for part in parts))
        return cursor.fetchone()
