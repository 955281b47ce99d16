"""What a mail answers: ids without brackets, of which some in the world are broken or endless."""

from collections.abc import Sequence

MOST = 40
LONGEST_ID = 250


def usable(ids: Sequence[str]) -> list[str]:
    """The ids that can stand in a header, each once, in order."""
    return list(dict.fromkeys(bare for bare in (one.strip().strip("<>") for one in ids) if _is_usable(bare)))


def chain(ids: Sequence[str], *, answers: str = "") -> list[str]:
    """All of References: the beginning of the thread and its newest part, when it is too long for all of it."""
    whole = usable([*(one for one in ids if one.strip().strip("<>") != answers.strip().strip("<>")), answers])
    return whole if len(whole) <= MOST else [whole[0], *whole[-(MOST - 1) :]]


def bracketed(ids: Sequence[str]) -> str:
    """As a header says them."""
    return " ".join(f"<{one}>" for one in ids)


def _is_usable(one: str) -> bool:
    return 2 < len(one) <= LONGEST_ID and one.isascii() and one.isprintable() and not set(one) & set(" <>")
