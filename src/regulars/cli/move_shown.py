"""How far a move is, and what it counted."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from regulars.cli.imports_shown import SAY_EVERY_SECONDS, console

if TYPE_CHECKING:
    from regulars.desk.actions.moving import Moved

Show = Callable[[float, int], None]
_NAMES = {
    "conversations": "conversations", "messages": "messages", "notes": "notes", "files": "files",
    "customers": "new customers", "sides": "side conversations", "facts": "facts",
    "ties": "links and merges", "set_up": "things the desk is set up with",
}  # fmt: skip


@contextmanager
def progress(what: str, *, of: str = "conversations") -> Iterator[Show]:
    """A bar with the time left; plain lines where there is no terminal."""
    if not console.is_terminal:
        yield _lines(what, of=of)
        return
    columns = (TextColumn("{task.description:<10}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[so]}"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(what, total=1.0, so="")
        yield lambda done, count: bar.update(task, completed=done, so=f"{count:,} {of}")


def size(count: int) -> str:
    """So many bytes, in words."""
    for unit in ("bytes", "KB", "MB"):
        if count < 1_000:
            return f"{count:,.0f} {unit}"
        count = round(count / 1_000)
    return f"{count:,} GB"


def counted(moved: "Moved") -> str:
    """What moved, in words."""
    return ", ".join(f"{count:,} {said}" for name, said in _NAMES.items() if (count := getattr(moved, name)))


def _lines(what: str, *, of: str) -> Show:
    began = last = time.monotonic()

    def show(done: float, count: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= SAY_EVERY_SECONDS and done:
            last = now
            left = (now - began) / done * (1 - done)
            console.print(f"{what}: {done:.0%}, {count:,} {of}, about {left:.0f} s left")

    return show
