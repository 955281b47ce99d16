"""A rule's dry run: what its conditions fit now, asked as the rule asks, and none of it touched."""

from dataclasses import dataclass

from regulars.desk.selectors import conditions, listing, view_counts
from regulars.desk.selectors.listing import Page, Wanted
from regulars.desk.selectors.visible import visible_to
from regulars.kernel.actors import SYSTEM, Actor


@dataclass(frozen=True, slots=True)
class Trial:
    """How many fit, as far as is counted, and those among them that whoever asks may see, the latest first."""

    count: int | None
    page: Page


def trial(tree: conditions.Tree, *, by: Actor, start: str = "", limit: int = listing.PAGE) -> Trial:
    """What a rule with these conditions would be obeyed in now; conditions that make no sense are refused.

    A rule is no agent: it sees every team's conversations, and “me” in its conditions is nobody. The rows are only
    those the actor may see, so there may be fewer of them than are counted.
    """
    wanted = Wanted(tree)
    page = listing.page(wanted, by=SYSTEM, seen=visible_to(by), start=start, limit=limit)
    return Trial(view_counts.counts([("now", wanted)], by=SYSTEM).get("now"), page)
