"""Writing the rows the figures are made of, from the facts alone."""

from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction

from regulars.desk import episodes as folded
from regulars.desk.actions import clocks
from regulars.desk.episodes import Lasted
from regulars.desk.hours import Hours
from regulars.desk.models import Conversation, Episode, Turn
from regulars.desk.selectors import policies, told
from regulars.desk.targets import FIRST, NEXT, RESOLUTION, Promised
from regulars.desk.targets.promising import case_of
from regulars.kernel import tail

CONSUMER = "desk.episodes"
AT_ONCE = 500


@transaction.atomic
def rebuild() -> None:
    """Forget every row and read the log again from its beginning; the consumer goes on from there."""
    tail.hold(CONSUMER)
    Turn.objects.all().delete()
    Episode.objects.all().delete()
    tail.rewind(CONSUMER)


def refold(conversation_ids: Iterable[int]) -> None:
    """Write anew the episodes of these conversations and of what was merged with them or split from them."""
    left = sorted(set(conversation_ids))
    for start in range(0, len(left), AT_ONCE):
        _refold(told.related(left[start : start + AT_ONCE]))


def _refold(conversation_ids: Sequence[int]) -> None:
    there = set(Conversation.objects.filter(pk__in=conversation_ids).values_list("pk", flat=True))
    found = [one for one in folded.fold(told.facts_of(conversation_ids)) if one.conversation_id in there]
    writer = _Writer(found)
    Turn.objects.filter(episode__conversation__in=conversation_ids).delete()
    Episode.objects.filter(conversation__in=conversation_ids).delete()
    rows = Episode.objects.bulk_create([writer.episode(one) for one in found], batch_size=1000)
    Turn.objects.bulk_create(
        [turn for row, one in zip(rows, found, strict=True) for turn in writer.turns(row, one)], batch_size=1000
    )


class _Writer:
    """Turns folded episodes into rows, with the promises that were made on them."""

    def __init__(self, found: list[folded.Episode]) -> None:
        known = policies.versions()
        self.known = known
        self.usual = policies.usual_hours_at(known)
        self.promised = {(one.conversation_id, *one.key): one for one in clocks.promises(found, known)}

    def episode(self, one: folded.Episode) -> Episode:
        measures = folded.measure(one, self._hours(one, one.standing))
        promised = self._promised(one, RESOLUTION, 0)
        return Episode(
            conversation_id=one.conversation_id,
            ordinal=one.ordinal,
            opened_at=one.opened_at,
            began_at=one.began_at,
            ended_at=one.ended_at,
            ending=one.ending,
            resolved_by=_agent(one.ended_by),
            **_stood(one.standing),
            labels=sorted(one.standing.labels),
            messages=one.messages,
            replies=one.replies,
            **_lasted(measures.resolution),
            **_lasted(measures.paused, "paused_"),
            **_lasted(measures.bot, "bot_"),
            target_seconds=promised.seconds if promised else None,
            due_at=promised.due_at if promised else None,
        )

    def turns(self, row: Episode, one: folded.Episode) -> Iterator[Turn]:
        """None of what was merged away: there its turns are the kept one's, and counted with it."""
        if one.ending == folded.MERGED:
            return
        for number, turn in enumerate(one.turns):
            promised = self._promised(one, NEXT if number else FIRST, number)
            lasted = None
            if turn.answered_at:
                lasted = folded.span(turn.asked_at, turn.answered_at, self._hours(one, turn.standing))
            stood = _stood(turn.standing) | ({"agent_id": _agent(turn.answered_by)} if turn.answered_by else {})
            yield Turn(
                episode=row,
                ordinal=number,
                began_at=one.began_at,
                asked_at=turn.asked_at,
                answered_at=turn.answered_at,
                stopped_at=None if turn.answered_at else one.ended_at,
                **stood,
                **_lasted(lasted),
                target_seconds=promised.seconds if promised else None,
                due_at=promised.due_at if promised else None,
            )

    def _promised(self, one: folded.Episode, kind: str, turn: int) -> Promised | None:
        return self.promised.get((one.conversation_id, one.ordinal, kind, turn))

    def _hours(self, one: folded.Episode, standing: folded.Standing) -> Hours:
        """Those of the target that fits, of the version in force when the episode began."""
        moment = one.began_at or one.opened_at
        version = self.known.at(moment)
        target = version[1].target_for(case_of(standing)) if version else None
        return version[1].hours[target.hours] if version and target else self.usual(moment)


def _stood(standing: folded.Standing) -> dict[str, int | str | None]:
    return {
        "channel_id": standing.channel_id,
        "team_id": standing.team_id,
        "agent_id": standing.agent_id,
        "priority": standing.priority,
        "kind": standing.kind,
    }


def _lasted(lasted: Lasted | None, prefix: str = "") -> dict[str, float | None]:
    return {
        f"{prefix}seconds": lasted.seconds if lasted else None,
        f"{prefix}business_seconds": lasted.business_seconds if lasted else None,
    }


def _agent(actor: str) -> int | None:
    kind, _, number = actor.partition(":")
    return int(number) if kind == "agent" and number else None
