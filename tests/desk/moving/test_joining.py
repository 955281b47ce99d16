"""Mails are joined by what they name, whatever order they lie in."""

from hypothesis import given
from hypothesis import strategies as st

from regulars.desk.moving.joining import Slip, joined

_IDS = st.sampled_from("abcdefgh")
_SLIPS = st.lists(
    st.builds(
        Slip,
        ids=st.lists(_IDS, max_size=1),
        names=st.lists(_IDS, max_size=3),
        people=st.frozensets(st.sampled_from(["ada", "musa"]), max_size=2),
    ),
    max_size=12,
)


def groups(slips: list[Slip]) -> set[frozenset[int]]:
    return {frozenset(group) for group in joined(slips)}


def by_closure(slips: list[Slip]) -> set[frozenset[int]]:
    """The slow, obvious twin: everybody's neighbours, again and again until nothing grows."""
    here = {own for slip in slips for own in slip.ids}

    def belong(one: Slip, other: Slip) -> bool:
        named = set(one.names) & set(other.names)
        return (
            bool(set(one.ids) & ({*other.ids, *other.names}))
            or bool(set(other.ids) & set(one.names))
            or bool(named & here)
            or bool(named - here and one.people & other.people)
        )

    sets = [{number} for number in range(len(slips))]
    for _ in slips:
        for one, left in enumerate(slips):
            for other, right in enumerate(slips):
                if belong(left, right):
                    sets[one] |= sets[other]
    return {frozenset(each) for each in sets}


@given(_SLIPS)
def test_joining_is_the_closure_of_belonging(slips: list[Slip]) -> None:
    assert groups(slips) == by_closure(slips)


def test_two_who_answer_what_is_not_here_belong_together_only_with_somebody_in_both() -> None:
    ada = Slip(ids=["a"], names=["news"], people=frozenset({"ada"}))
    musa = Slip(ids=["m"], names=["news"], people=frozenset({"musa"}))
    again = Slip(ids=["b"], names=["news"], people=frozenset({"ada"}))
    assert joined([ada, musa, again]) == [[0, 2], [1]]
