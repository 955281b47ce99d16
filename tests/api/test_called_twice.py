"""Every call that makes something makes it once, however often it is sent with the same Idempotency-Key."""

from datetime import timedelta
from typing import Any

import pytest

from regulars.accounts.actions import keys
from regulars.accounts.models import Agent
from regulars.api.models import Call as Repeatable
from regulars.channels.models import Delivery
from regulars.desk.actions import side_mail
from regulars.desk.models import Bulk, Export, Macro, SideMessage
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.api.test_who_may_call import everything, undone, world
from tests.api.world import calls

__all__ = ["world"]
pytestmark = pytest.mark.django_db
# One tells, one keeps bytes under their own name, and a try of a mailbox makes nothing unless it sends a mail.
CHANGE_NOTHING = {"bulks.preview_answer", "files.upload", "mailboxes.test"}


def test_every_post_keeps_the_callers_key_or_changes_nothing(world: dict[str, Any]) -> None:
    Agent.objects.filter(pk=world["bo"].pk).update(role="owner")
    key = keys.create("api", name="Bo", by=SYSTEM, scopes=keys.SCOPES, agent_id=world["bo"].pk)
    Macro.objects.update(deeds=[{"deed": "priority", "value": "1"}])
    Bulk.objects.update(finished_at=clock.now(), changed=1)
    Export.objects.update(state="failed")
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        side_mail.let_go(SideMessage.objects.get().pk)
    SideMessage.objects.update(state="failed")
    Delivery.objects.update(state="failed")
    posts, before, without = [call for call in calls() if call.method == "post"], everything(), set()
    assert len(posts) > 30
    for call in posts:
        with undone():
            answer = call.send(key, world, Idempotency_Key="k-1")
            assert 200 <= answer.status_code < 300, (call.name, answer.content)
            if not Repeatable.objects.filter(name="k-1").exists():
                without.add(call.name)
                assert everything() == before, call.name
    assert without == CHANGE_NOTHING
