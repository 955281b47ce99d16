"""Who may import on the page, and what happens to an upload."""

import errno
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from regulars.accounts.models import Agent
from regulars.customers.importing import imports, places, tasks, working
from regulars.customers.importing.errors import NotWaiting
from regulars.customers.importing.models import Import
from regulars.kernel.actors import SYSTEM
from regulars.kernel.models import Fact

pytestmark = pytest.mark.django_db
CONTENT = b"Order ID,Customer ID,Date,Total\n1,ada,2026-01-01,5\n2,bo,2026-01-02,7\n"


def browser_of(role: str, **options: Any) -> Client:
    client = Client(**options)
    agent = Agent.objects.create_user(f"{role}@shop.example", "a quiet morning", name=role, role=role)
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(client: Client, content: bytes = CONTENT, kind: str = "orders") -> Any:
    return client.post(reverse("imports:list"), {"kind": kind, "file": SimpleUploadedFile("orders.csv", content)})


@pytest.mark.parametrize("role", ["agent", "analyst"])
def test_agents_and_analysts_import_nothing(role: str, data_directory: Path) -> None:
    client = browser_of(role)
    assert client.get(reverse("imports:list")).status_code == 403
    assert upload(client).status_code == 403
    made = Import.objects.create(
        kind="orders", file_name="f", digest="0" * 64, size=1, created_at="2026-01-01T00:00Z", created_by="system"
    )
    for name in ("show", "progress", "rejected"):
        assert client.get(reverse(f"imports:{name}", args=[made.pk])).status_code == 403
    for name in ("check", "run", "cancel"):
        assert client.post(reverse(f"imports:{name}", args=[made.pk])).status_code == 403
    made.refresh_from_db()
    assert (Import.objects.count(), made.state) == (1, "waiting")
    assert not list(places.root().glob("arriving/*"))


def test_an_upload_without_its_token_is_refused_and_leaves_nothing(data_directory: Path) -> None:
    assert upload(browser_of("manager", enforce_csrf_checks=True)).status_code == 403
    assert Import.objects.count() == 0


@pytest.mark.parametrize("moment", ["write", "keep"])
def test_an_upload_for_which_there_is_no_room_leaves_nothing(
    moment: str, data_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(places.Arriving, moment, full)
    answer = upload(browser_of("manager"))
    assert answer.status_code == 507 and "The disk is full" in answer.content.decode()
    assert Import.objects.count() == 0
    assert not list(places.root().glob("arriving/*"))


def test_the_page_works_without_scripts(data_directory: Path) -> None:
    client = browser_of("manager")
    shown = upload(client)
    imported = Import.objects.get()
    assert shown.headers["Location"] == reverse("imports:show", args=[imported.pk])
    assert places.file_of(imported.digest).read_bytes() == CONTENT
    assert b'name="column-3"' in client.get(shown.headers["Location"]).content
    columns = {"column-0": "order", "column-1": "customer", "column-2": "time", "column-3": "total"}
    said = {**columns, "zone": "Europe/Berlin", "currency": "eur"}
    client.post(reverse("imports:check", args=[imported.pk]), said)
    imported.refresh_from_db()
    assert (imported.state, imported.plan["zone"], imported.plan["currency"]) == ("checking", "Europe/Berlin", "EUR")
    tasks.check_import(imported.pk)
    imported.refresh_from_db()
    assert (imported.state, imported.found["counts"]["orders"]) == ("ready", 2)
    assert Fact.objects.count() == 0
    run = reverse("imports:run", args=[imported.pk])
    assert [client.post(run).status_code for _click in range(2)] == [302, 302]
    tasks.run_import(imported.pk)
    imported.refresh_from_db()
    assert (imported.state, Fact.objects.count()) == ("done", 2)
    assert not places.file_of(imported.digest).exists()
    report = client.get(reverse("imports:rejected", args=[imported.pk]))
    assert report.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"column-1": ""}, "No column is known to hold the customer number or the e-mail address"),
        ({"column-1": "order"}, "is chosen for more than one column"),
        ({"zone": "Berlin"}, "is not a time zone"),
        ({"currency": "euro"}, "is not a currency"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(changed: dict[str, str], words: str, data_directory: Path) -> None:
    client = browser_of("manager")
    upload(client)
    imported = Import.objects.get()
    said = {
        "column-0": "order",
        "column-1": "customer",
        "column-2": "time",
        "zone": "UTC",
        "currency": "EUR",
        **changed,
    }
    answer = client.post(reverse("imports:check", args=[imported.pk]), said)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    imported.refresh_from_db()
    assert (imported.state, imported.plan) == ("waiting", {})


def test_the_history_asks_the_database_the_same_however_long_it_is(
    data_directory: Path, django_assert_max_num_queries: Any
) -> None:
    client = browser_of("manager")
    for number in range(60):
        Import.objects.create(
            kind="facts", file_name=f"f{number}", digest="0" * 64, size=1, created_at="2026-01-01T00:00Z",
            created_by="system", state="done",
        )  # fmt: skip
    with django_assert_max_num_queries(8):
        assert client.get(reverse("imports:list")).content.count(b'<th scope="row"><a href="/import/') == 50


@pytest.mark.django_db
def test_a_check_that_is_cancelled_does_not_read_the_rest_of_the_file(data_directory: Path) -> None:
    imported = imports.begin("d" * 64, size=9, name="orders.csv", kind="orders", by=SYSTEM)
    Import.objects.update(state=Import.CHECKING)
    working._noting(imported.pk)(0.25, 100)
    imports.cancel(imported.pk, by=SYSTEM)
    with pytest.raises(NotWaiting):
        working._noting(imported.pk)(0.5, 200)
    assert Import.objects.values_list("state", "progress").get() == (Import.CANCELLED, 0.25)


def test_a_heading_without_rows_is_refused_and_leaves_nothing(data_directory: Path) -> None:
    client = browser_of("manager")
    answer = upload(client, b"Order ID,Customer ID,Date,Total\n")
    assert (answer.status_code, "holds no rows" in answer.content.decode()) == (422, True)
    assert (Import.objects.count(), list(places.root().glob("??/*"))) == (0, [])


def test_a_file_imported_before_is_known_again(data_directory: Path) -> None:
    client = browser_of("manager")
    upload(client)
    first = Import.objects.get()
    Import.objects.update(state="done", started_at=first.created_at)
    again = upload(client).headers["Location"]
    assert reverse("imports:show", args=[first.pk]) in client.get(again).content.decode()
