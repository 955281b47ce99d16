"""What a day keeps of each episode and of each wait, and how the database sends it: all rows of a column at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from regulars.desk.selectors.numbers.promised import conditions

NOBODY: Final = -1  # no agent, no team, no channel, no priority
NEVER: Final = -(2**31)  # a moment that did not come, in seconds since 2000 as all moments are kept
KEPT, BROKEN, OPEN = 1, 2, 4  # of a promise; open ones are broken once they are due


@dataclass(frozen=True, slots=True)
class Column:
    """SQL for one row's bytes, what those are, and how they are kept."""

    sql: str
    sent: str
    kept: str
    converted: Callable[[np.ndarray], np.ndarray] = lambda values: values


def _seconds(moments: np.ndarray) -> np.ndarray:
    """Whole seconds are enough: days and their steps begin at whole ones."""
    return np.maximum(moments // 1_000_000, NEVER)


def _moment(column: str) -> Column:
    return Column(f"timestamptz_send(coalesce({column}, '-infinity'))", ">i8", "<i4", _seconds)


def _whole(column: str, kept: str = "<i4") -> Column:
    return Column(f"int4send(coalesce({column}, {NOBODY})::int)", ">i4", kept)


def _lasted(column: str) -> Column:
    return Column(f"float8send(coalesce({column}, 'NaN'))", ">f8", "<f8")


def _yes(condition: str) -> Column:
    return Column(f"boolsend(coalesce({condition}, false))", "?", "?")


def _promise(kind: str, row: str) -> Column:
    kept, _broken, over = conditions(kind)
    late = f"({row}.target_seconds IS NOT NULL AND {row}.due_at IS NOT NULL AND coalesce({over} > {row}.due_at, false))"
    is_open = f"({row}.target_seconds IS NOT NULL AND {row}.due_at IS NOT NULL AND {over} IS NULL)"
    state = f"{kept}::int * {KEPT} + {late}::int * {BROKEN} + {is_open}::int * {OPEN}"
    return Column(f"int4send({state})", ">i4", "u1")


def _stood(row: str) -> dict[str, Column]:
    return {
        "began": _moment(f"{row}.began_at"),
        "agent": _whole(f"{row}.agent_id"),
        "team": _whole(f"{row}.team_id"),
        "channel": _whole(f"{row}.channel_id"),
        "priority": _whole(f"{row}.priority", "<i2"),
        "kind": _whole(f"array_position(kinds.names, {row}.kind) - 1", "<i2"),
        "seconds": _lasted(f"{row}.seconds"),
        "business_seconds": _lasted(f"{row}.business_seconds"),
        "due": Column(f"timestamptz_send(coalesce({row}.due_at, 'infinity'))", ">i8", "<i8"),
    }


COLUMNS: Final[Mapping[str, Mapping[str, Column]]] = {
    "episode": {
        **_stood("episode"),
        "conversation": Column("int8send(episode.conversation_id)", ">i8", "<i8"),
        "promise": _promise("resolution", "episode"),
        "opened": _moment("episode.opened_at"),
        "ended": _moment("episode.ended_at"),
        "resolved_by": _whole("episode.resolved_by"),
        "is_resolved": _yes("episode.ending = 'resolved'"),
        "is_merged": _yes("episode.ending = 'merged'"),
        "is_again": _yes("episode.ordinal > 1"),
        "is_reopened": _yes("episode.is_reopened"),
        "messages": _whole("episode.messages"),
        "replies": _whole("episode.replies"),
        "bot_seconds": _lasted("episode.bot_seconds"),
        "bot_business_seconds": _lasted("episode.bot_business_seconds"),
        "labels": _whole("cardinality(episode.labels)", "<i2"),
    },
    "turn": {
        **_stood("turn"),
        "promise": _promise("first", "turn"),  # the next ones' are told by the same columns
        "answered": _moment("turn.answered_at"),
        "is_next": _yes("turn.ordinal > 0"),
        "episode": _whole("turn.place"),
    },
    # One row for each label of each episode, in the episodes' order.
    "label": {"label": _whole("array_position(labels.names, worn.label) - 1", "<i2")},
}
# Texts are kept as their place among a day's own.
WORDS: Final = {"kind": "kinds", "label": "labels"}


def read(row: str, sent: list[bytes | None]) -> dict[str, np.ndarray]:
    """The columns of one kind of row, as the database sent them."""
    columns = COLUMNS[row].items()
    return {
        name: column.converted(np.frombuffer(said or b"", column.sent)).astype(column.kept)
        for (name, column), said in zip(columns, sent, strict=True)
    }


def gathered(row: str) -> str:
    """SQL for all of them: the bytes of each column, in the same order of rows."""
    return ", ".join(
        f"string_agg({column.sql}, ''::bytea) AS {row}{number}" for number, column in enumerate(COLUMNS[row].values())
    )
