"""What `regulars move out` does: write the export, and say what is in it and how long it took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from regulars.cli.imports_run import database
from regulars.cli.imports_shown import SAY_EVERY_SECONDS, console

Show = Callable[[float, str], None]


def run(place: Path, *, form: str, since: datetime | None, with_files: bool) -> None:
    """Move everything out of the running or the stopped installation."""
    with database():
        from regulars.desk.moving_out import running
        from regulars.kernel import page_settings

        if since is not None:
            since = since.replace(tzinfo=ZoneInfo(page_settings.value("time_zone")))
        began = time.monotonic()
        with _progress() as show:
            manifest = running.move_out(place, form=form, since=since, with_files=with_files, progress=show)
        _say(manifest, place, seconds=time.monotonic() - began)


def _say(manifest: dict[str, Any], place: Path, *, seconds: float) -> None:
    counts = {name: count for name, count in manifest["counts"].items() if count}
    for name, count in counts.items():
        console.print(f"{count:>12,}  {name.replace('_', ' ')}")
    if "mails" in manifest:
        console.print(f"{manifest['mails']:>12,}  mails in mailboxes")
    files = manifest.get("attachments", {"count": 0, "bytes": 0, "missing": []})
    console.print(f"{files['count']:>12,}  files, {files['bytes'] / 1e6:,.1f} MB")
    if files["missing"]:
        console.print(f"{len(files['missing']):>12,}  files are not there any more; the manifest names them")
    messages = max(manifest["counts"].get("messages", 0), manifest.get("mails", 0))
    rate = f", {messages / max(seconds, 0.001):,.0f} messages a second" if messages else ""
    console.print(f"Everything is in {escape(str(place))} ({seconds:,.1f} s{rate}).")


@contextmanager
def _progress() -> Iterator[Show]:
    """A bar with the time left; plain lines where there is no terminal."""
    if not console.is_terminal:
        yield _lines()
        return
    columns = (TextColumn("{task.description:<20}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("counting", total=1.0)
        yield lambda done, what: bar.update(task, completed=done, description=what)


def _lines() -> Show:
    began = last = time.monotonic()

    def show(done: float, what: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= SAY_EVERY_SECONDS and done:
            last = now
            console.print(f"{what}: {done:.0%}, about {(now - began) / done * (1 - done):.0f} s left")

    return show
