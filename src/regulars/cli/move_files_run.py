"""What `regulars move files` does, and `regulars move in --fetch-files` in the end: fetch, say what came of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.markup import escape

from regulars.cli.imports_run import database
from regulars.cli.imports_shown import console
from regulars.cli.move_shown import progress, size

if TYPE_CHECKING:
    from regulars.desk.actions.fetching_files import Fetched
    from regulars.desk.moving.forms import Misfit


def run(*, again: bool) -> None:
    """Fetch whatever waits, account by account; what failed before too, when asked."""
    with database():
        from regulars.customers.importing import places
        from regulars.desk.actions import fetching_files
        from regulars.desk.moving.reporting import ReportFile
        from regulars.desk.selectors import moved_in
        from regulars.kernel import clock

        waits = [one for one in moved_in.accounts() if one.waiting or (again and one.failed)]
        if not waits:
            console.print("Nothing waits to be fetched.")
            return
        report = ReportFile(places.root() / "reports" / f"move-files-{clock.now():%Y%m%dT%H%M%S%f}.csv")
        failed = 0
        try:
            for one in waits:
                if again:
                    fetching_files.again(one.pk)
                console.print(f"[bold]{escape(one.name)}[/]")
                done = fetch(one.pk, report=report)
                say(done)
                failed += done.failed
        finally:
            report.close()
        if failed:
            console.print(f"  every one with its address: {report.path}")
        else:
            report.path.unlink()


def fetch(origin_id: int, *, report: "Callable[[Misfit], None]") -> "Fetched":
    """Fetch what waits of one account."""
    from regulars.desk.actions import fetching_files

    with progress("fetching", of="files") as show:
        return fetching_files.fetch(origin_id, report=report, progress=show)


def say(fetched: "Fetched") -> None:
    """What came of it, and what to do."""
    console.print(f"  {fetched.files:,} files fetched, {size(fetched.bytes)}")
    if fetched.failed:
        console.print(f"  [yellow]{fetched.failed:,} could not be fetched[/]: regulars move files --again tries again")
    if fetched.gave_up:
        console.print(f"  nobody answers there; {fetched.waiting:,} wait: regulars move files goes on with them")
