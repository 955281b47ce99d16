"""What readers of exports from an API have in common: one kind of record is the matter, another the people."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from regulars.desk.moving.enclosures import Enclosures
from regulars.desk.moving.forms import Archive, Matter, Misfit, Person
from regulars.desk.moving.records import Record, Sayer, Shelf, Sorter, demand, shelved, told


class Reading(ABC):
    """One look through an export; `MATTERS` and `PEOPLE` are kinds of its records, as its `sort` names them."""

    CALLED: ClassVar[str]
    MATTERS: ClassVar[str]
    PEOPLE: ClassVar[str]

    def __init__(self, shelf: Shelf, enclosures: Enclosures) -> None:
        self.shelf, self.enclosures = shelf, enclosures

    @classmethod
    def archive(cls, path: Path, *, sort: Sorter, says: Sayer) -> Archive:
        """Set every record on the shelf, once, and read it from there."""
        shelf = demand(shelved(path, sort=sort, says=says), cls.MATTERS, path=path, called=cls.CALLED)
        reading = cls(shelf, Enclosures(path))
        return Archive(
            total=shelf.count(cls.MATTERS),
            matters=reading.matters,
            people=reading.people,
            accounts=tuple(shelf.accounts),
        )

    def people(self) -> Iterator[Person]:
        return (self.person(one) for one in self.shelf.all(self.PEOPLE))

    def matters(self) -> Iterator[Matter | Misfit]:
        yield from self.shelf.misfits
        yield from told(self.shelf.all(self.MATTERS), self.matter, called=self.MATTERS)

    @abstractmethod
    def person(self, one: Record, /) -> Person:
        """A customer."""

    @abstractmethod
    def matter(self, one: Record, /) -> Matter | Misfit:
        """A conversation with all that was said, or why it does not come along."""
