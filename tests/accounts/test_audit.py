"""The record of who did what."""

import csv
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from regulars.accounts import audit_verbs
from regulars.accounts.actions import audit, company
from regulars.accounts.models import Agent, AuditEntry
from regulars.kernel import clock, page_settings
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import Invalid, NotAllowed
from regulars.kernel.spreadsheets import harmless
from tests.conftest import NOON
from tests.customers.cast import make_customer

pytestmark = pytest.mark.django_db
BO = Actor("agent", 7, "Bo")


@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_auditentry SET verb = 'nothing'", "DELETE FROM accounts_auditentry"]
)
def test_the_database_refuses_to_change_or_remove_an_entry(statement: str) -> None:
    audit.note("role changed", by=BO)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.values_list("verb", flat=True).get() == "role changed"


def test_the_database_refuses_to_empty_the_record() -> None:
    audit.note("role changed", by=BO)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditentry ENABLE TRIGGER accounts_audit_never_emptied")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute("TRUNCATE accounts_auditentry")
    assert AuditEntry.objects.values_list("verb", flat=True).get() == "role changed"


def test_an_entry_says_who_what_when_and_from_where() -> None:
    with clock.frozen(NOON), audit.asking_from("192.0.2.1"):
        audit.note("customer erased", by=BO, subject="customer:9", details={"why": "asked"})
    entry = AuditEntry.objects.get()
    assert (entry.at, entry.actor, entry.actor_name, entry.verb) == (NOON, "agent:7", "Bo", "customer erased")
    assert (entry.subject, entry.details, entry.address) == ("customer:9", {"why": "asked"}, "192.0.2.1")


def test_the_address_of_one_request_does_not_stick_to_the_next() -> None:
    with audit.asking_from("192.0.2.1"):
        pass
    audit.note("role changed", by=BO)
    assert AuditEntry.objects.get().address is None


def test_a_request_notes_its_address(signed_in: Callable[[str], Client]) -> None:
    form = {"currency": "USD", "time_zone": "Europe/Berlin", "week_starts": "sunday", "company_name": "Shop"}
    signed_in("mia").post(reverse("settings:company"), form, REMOTE_ADDR="2001:db8::1")
    entries = AuditEntry.objects.filter(verb="settings changed")
    assert set(entries.values_list("subject", "address")) == {
        (f"setting:{name}", "2001:db8::1") for name in ("currency", "time_zone", "week_starts", "company_name")
    }
    assert entries.get(subject="setting:currency").details == {"from": "EUR", "to": "USD"}


def test_settings_are_changed_together_or_not_at_all(
    cast: dict[str, Agent], signed_in: Callable[[str], Client]
) -> None:
    with pytest.raises(Invalid):
        company.change({"currency": "USD", "time_zone": "Nowhere/Never"}, by=cast["mia"].actor)
    with pytest.raises(NotAllowed):
        company.change({"currency": "USD"}, by=cast["ines"].actor)
    form = {"currency": "EUX", "time_zone": "Nowhere/Never", "week_starts": "monday"}
    page = signed_in("mia").post(reverse("settings:company"), form).content.decode()
    assert "“EUX” is not a currency" in page
    assert "“Nowhere/Never” is not a time zone" in page
    assert page_settings.values("currency", "time_zone") == {"currency": "EUR", "time_zone": "UTC"}
    assert not AuditEntry.objects.filter(verb="settings changed").exists()


def test_the_page_filters_and_goes_back_in_time(signed_in: Callable[[str], Client], cast: dict[str, Agent]) -> None:
    client = signed_in("mia")
    for number in range(60):
        with clock.frozen(NOON + timedelta(minutes=number)):
            audit.note("file imported", by=BO, subject=f"import:{number}")
    first = client.get(reverse("settings:audit"), {"verb": "file imported"})
    assert [row["entry"].subject for row in first.context["entries"]] == [f"import:{n}" for n in range(59, 9, -1)]
    older = client.get(reverse("settings:audit") + first.context["older"], headers={"HX-Request": "true"})
    text = older.content.decode()
    assert re.findall(r"import:\d+", text) == [f"import:{n}" for n in range(9, -1, -1)]
    assert ("Show older" in text, "<html" in text) == (False, False)
    of_mia = client.get(reverse("settings:audit"), {"agent": f"agent:{cast['mia'].pk}", "verb": "file imported"})
    assert of_mia.context["entries"] == []
    assert "Nothing fits" in of_mia.content.decode()


def test_the_page_speaks_of_people_and_things_by_name(signed_in: Callable[[str], Client]) -> None:
    client, ada = signed_in("mia"), make_customer("Ada Moreno", email="ada@example.com")
    audit.note("customer exported", by=BO, subject=f"customer:{ada.pk}")
    audit.note("channel changed", by=BO, subject="channel:2", details={"name": "Help", "paused": True})
    audit.note("role changed", by=BO, subject="agent:999999", details={"from": "agent", "to": "manager"})
    audit.note(
        "settings changed", by=SYSTEM, subject="setting:time_zone", details={"from": "UTC", "to": "Europe/Paris"}
    )
    rows = client.get(reverse("settings:audit")).context["entries"][:4]
    assert [(row["who"], row["about"], row["details"]) for row in rows] == [
        ("Regulars", "Time zone", "UTC → Europe/Paris"),
        ("Bo", "a former colleague", "Agent → Manager"),
        ("Bo", "Help", "paused"),
        ("Bo", "Ada Moreno", ""),
    ]
    assert rows[3]["url"] == reverse("customers:profile", args=[ada.pk])


@pytest.mark.parametrize("query", [{"verb": "x'--"}, {"before": "soon"}, {"before": "-1"}, {"agent": "agent:x"}])
def test_a_filter_that_cannot_be_understood_filters_nothing(
    signed_in: Callable[[str], Client], query: dict[str, str]
) -> None:
    answer = signed_in("mia").get(reverse("settings:audit"), query)
    assert answer.status_code == 200
    assert len(answer.context["entries"]) == AuditEntry.objects.count()


def test_the_page_takes_as_many_queries_for_many_entries_as_for_few(
    signed_in: Callable[[str], Client], django_assert_num_queries: Callable[..., object]
) -> None:
    client = signed_in("mia")
    client.get(reverse("settings:audit"))
    for count in (1, 60):
        for _ in range(count):
            audit.note("file imported", by=BO)
        with django_assert_num_queries(4):  # session, agent, colleagues, entries
            client.get(reverse("settings:audit"))


def test_the_file_has_every_entry_and_no_formula_and_is_recorded_itself(signed_in: Callable[[str], Client]) -> None:
    audit.note("file imported", by=Actor("agent", 7, '=HYPERLINK("http://evil.example")'), subject="+1")
    answer = signed_in("mia").get(reverse("settings:audit_csv"), {"verb": "file imported"})
    rows = list(csv.reader(b"".join(answer).decode().splitlines()))  # type: ignore[arg-type]
    assert rows[0] == ["at", "actor", "actor_name", "verb", "subject", "details", "address"]
    assert rows[1][1:5] == ["agent:7", '\'=HYPERLINK("http://evil.example")', "file imported", "'+1"]
    assert len(rows) == 2
    assert answer["Content-Disposition"].startswith("attachment")
    exported = AuditEntry.objects.get(verb="audit exported")
    assert exported.details == {"verb": "file imported"}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("=1+1", "'=1+1"), (" @x", "' @x"), ("-1", "'-1"), ("\tx", "'\tx"), ("plain", "plain"), (None, ""), (5, "5")],
)
def test_what_a_spreadsheet_would_run_is_made_harmless(cell: object, expected: str) -> None:
    assert harmless(cell) == expected


def test_every_act_the_product_records_can_be_filtered_by() -> None:
    constants = {value for name, value in vars(audit_verbs).items() if name.isupper() and isinstance(value, str)}
    assert constants == set(audit_verbs.VERBS)


def test_the_system_is_named_in_the_record() -> None:
    audit.note("sign-in link made", by=SYSTEM)
    assert AuditEntry.objects.values_list("actor", flat=True).get() == "system"
