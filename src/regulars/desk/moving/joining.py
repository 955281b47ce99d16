"""Which mails of an archive belong together, by the ids they have and name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slip:
    """Of one mail what joining needs; `people` are everybody in it who is not ourselves."""

    ids: Sequence[str]  # its own, at most one
    names: Sequence[str]  # of the mails it answers or refers to
    people: frozenset[str]


def joined(slips: Sequence[Slip]) -> list[list[int]]:
    """The mails' numbers, in groups, each group and the groups in order.

    A mail belongs to those here that it names. Two that name the same mail which is not here belong
    together only if somebody is in both: a thousand people may answer one newsletter, and those are a
    thousand matters.
    """
    roots = list(range(len(slips)))
    here: dict[str, int] = {}
    for number, slip in enumerate(slips):
        for own in slip.ids:
            _join(roots, here.setdefault(own, number), number)
    away: dict[tuple[str, str], int] = {}
    for number, slip in enumerate(slips):
        for named in slip.names:
            if named in here:
                _join(roots, here[named], number)
            else:
                for who in slip.people:
                    _join(roots, away.setdefault((named, who), number), number)
    return _groups(_root(roots, number) for number in range(len(slips)))


def _groups(found: Iterable[int]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for number, root in enumerate(found):
        groups.setdefault(root, []).append(number)
    return list(groups.values())


def _root(roots: list[int], number: int) -> int:
    while roots[number] != number:
        roots[number] = roots[roots[number]]
        number = roots[number]
    return number


def _join(roots: list[int], one: int, other: int) -> None:
    low, high = sorted((_root(roots, one), _root(roots, other)))
    roots[high] = low
