"""What every test of moving needs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from regulars.channels.models import Channel
from regulars.desk.actions import moving
from regulars.desk.actions.moving import Moved
from regulars.desk.moving import formats
from regulars.desk.moving.forms import Misfit
from regulars.desk.selectors.colleagues_by_address import colleagues

Mover = Callable[..., tuple[Moved, list[Misfit]]]


@pytest.fixture
def move_in(mailbox: Channel) -> Mover:
    """Move an archive into the mailbox; answers with what was counted and what did not fit."""

    def move(kind: str, path: Path, *, account: str = "", **said: Any) -> tuple[Moved, list[Misfit]]:
        misfits: list[Misfit] = []
        archive = formats.opened(kind, path, is_ours=colleagues().is_ours, account=account)
        given = {"report": misfits.append, "progress": lambda done, count: None, **said}
        return moving.move_in(archive, kind=kind, channel_id=mailbox.pk, **given), misfits

    return move
