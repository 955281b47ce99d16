"""What `regulars move in` does: choose the channel, look through the archive, move, say what came of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from regulars.cli import move_files_run
from regulars.cli.imports_run import database
from regulars.cli.imports_shown import console
from regulars.cli.move_shown import counted, progress, size
from regulars.kernel.errors import Invalid

if TYPE_CHECKING:
    from regulars.desk.actions.fetching_files import Fetched
    from regulars.desk.actions.moving import Moved


def run(kind: str, path: Path, *, address: str | None, account: str, is_dry: bool, fetches: bool, makes: bool) -> None:
    """Move an archive in, or say what that would do."""
    with database():
        from regulars.customers.importing import places
        from regulars.desk.actions import moving
        from regulars.desk.moving import formats
        from regulars.desk.moving.forms import NotAnArchive
        from regulars.desk.moving.reporting import ReportFile
        from regulars.desk.selectors.colleagues_by_address import colleagues
        from regulars.kernel import clock
        from regulars.kernel.actors import SYSTEM

        channel_id = _channel(address)
        console.print(f"Looking through {escape(str(path))} …")
        try:
            archive = formats.opened(kind, path, is_ours=colleagues().is_ours, account=account)
        except NotAnArchive as refusal:
            raise Invalid(f"{refusal} Nothing was stored.") from refusal
        report = ReportFile(places.root() / "reports" / f"move-{kind}-{clock.now():%Y%m%dT%H%M%S%f}.csv")
        try:
            with progress("looking" if is_dry else "moving in") as show:
                moved = moving.move_in(
                    archive, kind=kind, channel_id=channel_id, report=report, progress=show, is_dry=is_dry,
                    fetches=fetches, makes=SYSTEM if makes else None,
                )  # fmt: skip
            fetched = None
            if fetches and moved.far_files and moved.origin_id and not is_dry:
                fetched = move_files_run.fetch(moved.origin_id, report=report)
        finally:
            report.close()
        _say(moved, report.path, is_dry=is_dry, fetched=fetched)


def _channel(address: str | None) -> int:
    from regulars.channels import selectors as channels

    there = list(channels.channels())
    chosen = [one for one in there if address is None or one.address.lower() == address.strip().lower()]
    if len(chosen) == 1:
        return chosen[0].pk
    names = ", ".join(one.address or one.name for one in there)
    if not there:
        raise Invalid("There is no channel to move into. Connect a mailbox in Settings, Channels, then run this again.")
    if address is None:
        raise Invalid(f"Say which channel it moves into: --channel ADDRESS, one of {names}.")
    raise Invalid(f"There is no channel “{address}”. There are: {names}.")


def _say(moved: "Moved", report: Path, *, is_dry: bool, fetched: "Fetched | None") -> None:
    console.print(f"[bold]{'Would move in' if is_dry else 'Moved in'}[/]: {counted(moved) or 'nothing'}.")
    if moved.account is not None:
        console.print(f"  account: {escape(moved.account) or 'the export names none; --account NAME gives it a name'}")
    if moved.here_already:
        console.print(f"  {moved.here_already:,} conversations are here already and stay as they are")
    if fetched is not None:
        move_files_run.say(fetched)
    elif moved.far_files:
        console.print(f"  {_far(moved)}")
    if moved.agents_known:
        console.print(f"  colleagues known by address: {escape(', '.join(sorted(moved.agents_known)))}")
    if moved.agents_made:
        console.print(f"  {_made(moved, is_dry=is_dry)}")
    if not moved.misfits:
        if not (fetched and fetched.failed) and not moved.agents_made:
            console.print("  everything fitted")
            report.unlink()
        else:
            console.print(f"  more of that: {report}")
        return
    from regulars.desk.moving.reasons import REASONS

    console.print("  [yellow]what did not fit[/]:")
    for reason, count in sorted(moved.misfits.items(), key=lambda item: -item[1]):
        console.print(f"    {count:>9,}  {REASONS[reason]}")
    console.print(f"  every one with its place: {report}")


def _far(moved: "Moved") -> str:
    """How much lies elsewhere, as far as the export says."""
    sized = f", {size(moved.far_bytes)}" if moved.far_bytes else ""
    unsized = f" and {moved.far_unsized:,} of unknown size" if moved.far_unsized and moved.far_bytes else ""
    return f"{moved.far_files:,} files lie on the old desk's server{sized}{unsized}: --fetch-files brings them"


def _made(moved: "Moved", *, is_dry: bool) -> str:
    names = ", ".join(f"{name} <{address}>" if name else address for address, name in moved.agents_made.items())
    made = "would be made colleagues" if is_dry else "made colleagues"
    told = f"{made}, without access until you invite them: {escape(names)}"
    if not moved.open_with_made:
        return told
    return f"{told}\n  {moved.open_with_made:,} conversations that are not over are with them: give those to somebody"
