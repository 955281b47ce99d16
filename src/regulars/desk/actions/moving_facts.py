"""What happened to customers elsewhere, in our log: as facts of an import, each once however often it is moved in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from regulars.customers import normalise
from regulars.desk.actions import moving_people
from regulars.desk.moving.forms import Happening
from regulars.desk.moving.records import harmless
from regulars.kernel import clock, facts
from regulars.kernel.facts import Columns
from regulars.kernel.models import Source

if TYPE_CHECKING:
    from regulars.desk.actions.moving import Move

SOURCE = "import regulars"


@transaction.atomic
def take(happened: Sequence[Happening], move: Move) -> None:
    """Append those of one batch that are not here yet; of who was erased none."""
    newcomers = moving_people.meet([one.to for one in happened], kind=move.calls, is_dry=move.is_dry)
    wanted = [(pk, one) for one in happened if (pk := newcomers.of(one.to)) is not None]
    if move.is_dry:
        move.moved.facts += len(wanted)
        return
    source, _is_new = Source.objects.get_or_create(
        name=SOURCE, defaults={"kind": Source.IMPORT, "created_at": clock.now()}
    )  # fmt: skip
    begins = f"{move.mark}:" if move.mark else ""
    columns = Columns(
        customer_id=[pk for pk, _one in wanted],
        name=[normalise.clean(one.name) for _pk, one in wanted],
        occurred_at=[one.at for _pk, one in wanted],
        recorded_at=[one.recorded_at for _pk, one in wanted],
        message_id=[normalise.clean(f"{begins}{one.key}") for _pk, one in wanted],
        properties=[json.dumps(harmless(dict(one.properties))) for _pk, one in wanted],
        is_trusted=[one.is_trusted for _pk, one in wanted],
    )
    move.moved.facts += facts.append(columns, source_id=source.pk)
