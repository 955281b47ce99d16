"""Settings, Export: who may ask, what is kept and for how long, and what is on record."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from regulars.accounts.models import Agent, AuditEntry
from regulars.desk.actions import exports
from regulars.desk.errors import AlreadyExporting, NoSuchExport
from regulars.desk.models import Conversation, Export
from regulars.desk.people import erase
from regulars.kernel import clock
from regulars.kernel.errors import NotAllowed
from tests.desk.cast import make_agent
from tests.desk.conftest import ada, ines, mailbox, question

__all__ = ["ada", "ines", "mailbox", "question"]


def client_of(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db(transaction=True)
def test_everything_in_one_file_while_it_is_kept(question: Conversation) -> None:
    eva = make_agent("Eva", role="owner")
    asked = exports.ask(by=eva.actor)
    with pytest.raises(AlreadyExporting):
        exports.ask(by=eva.actor)
    exports.run(asked.pk)
    exports.run(asked.pk)  # a job may run twice
    assert [letter.to for letter in mail.outbox] == [["eva@shop.example"]]
    page = client_of(eva)
    shown = page.get(reverse("settings:export")).content.decode()
    address = reverse("settings:export_file", args=[asked.pk])
    assert address in shown
    content = b"".join(page.get(address).streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith("manifest.json")]
        assert json.loads(archive.read(name))["counts"]["conversations"] == 1
        assert archive.testzip() is None
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["everything exported", "export downloaded"]
    assert exports.throw_away_expired() == 0
    with clock.frozen(clock.now() + exports.KEPT + timedelta(seconds=1)):
        assert exports.throw_away_expired() == 1
    assert not exports.path(asked.pk).exists() and page.get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_an_erasure_throws_every_export_away(question: Conversation) -> None:
    eva = make_agent("Eva", role="owner")
    ready = exports.ask(by=eva.actor)
    exports.run(ready.pk)
    waiting = exports.ask(by=eva.actor)
    with transaction.atomic():
        erase([question.customer_id])
    exports.run(waiting.pk)
    assert set(Export.objects.values_list("state", flat=True)) == {"gone"}
    assert not list(exports.path(ready.pk).parent.iterdir())
    with pytest.raises(NoSuchExport):
        exports.download(ready.pk, by=eva.actor)


@pytest.mark.django_db
def test_a_failure_says_why_and_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_options: object) -> dict[str, object]:
        raise OSError("No space left on device")

    monkeypatch.setattr(exports.running, "move_out", full)
    asked = exports.ask(by=make_agent("Eva", role="owner").actor)
    exports.run(asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.trouble) == ("failed", "No space left on device")
    assert not exports.path(asked.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_run_left_goes_when_nobody_wants_it_any_more(question: Conversation) -> None:
    asked = exports.ask(by=make_agent("Eva", role="owner").actor)
    Export.objects.update(state=Export.RUNNING)
    left = exports.path(asked.pk).parent
    (left / str(asked.pk) / "regulars").mkdir(parents=True)
    for name in (f"{asked.pk}/regulars/customers.jsonl", f"{asked.pk}.partial", f"{asked.pk}.zip"):
        (left / name).write_text("ada@example.com")
    with transaction.atomic():
        erase([question.customer_id])
    exports.run(asked.pk)
    assert list(left.iterdir()) == []


@pytest.mark.django_db
def test_a_fault_of_ours_ends_it_and_another_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_options: object) -> dict[str, object]:
        raise KeyError("a column nobody knows")

    eva = make_agent("Eva", role="owner").actor
    monkeypatch.setattr(exports.running, "move_out", broken)
    asked = exports.ask(by=eva)
    with pytest.raises(KeyError):
        exports.run(asked.pk)
    exports.run(asked.pk)  # as the job does when it is tried again
    asked.refresh_from_db()
    assert (asked.state, asked.trouble) == ("failed", "KeyError")
    exports.ask(by=eva)


@pytest.mark.django_db
def test_who_may_not_export_everything_gets_nowhere(ines: Agent) -> None:
    with pytest.raises(NotAllowed):
        exports.ask(by=ines.actor)
    page = client_of(ines)
    assert page.get(reverse("settings:export")).status_code == 403
    assert page.post(reverse("settings:export_create"), {"form": "both"}).status_code == 403
    assert page.get(reverse("settings:export_file", args=[1])).status_code == 403
    owner = client_of(make_agent("Eva", role="owner"))
    asked = owner.post(reverse("settings:export_create"), {"form": "both"})
    assert asked.status_code == 302 and "export" not in asked["Location"]  # who they are is asked for first
    assert not Export.objects.exists()
