"""Erasure reaches everything, and what was erased does not come back."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.accounts.models import AuditEntry
from regulars.api.models import Notice, Webhook
from regulars.channels.models import Channel
from regulars.customers import erasure_journal, tasks
from regulars.customers.actions import attributes, companies, consents, erasures, labels, merges, recognition
from regulars.customers.errors import BeingErased, NameDoesNotMatch, NoSuchCustomer
from regulars.customers.models import Customer, Erasure, Identity, Merge, Trait
from regulars.customers.portal import links, sessions
from regulars.customers.tracking.models import ClaimedLink
from regulars.desk.actions import first_drafts, indexing, letting_go, messages
from regulars.desk.actions.messages import Written
from regulars.desk.selectors.first_drafts import Whom
from regulars.kernel import facts, jobs, people
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.models import Fact
from tests.customers.cast import AT, INES, make_customer, record
from tests.desk.cast import ask, make_agent, make_mailbox

# What may name a customer after they are gone: it keeps numbers only, and says so in its docstring.
KEPT_ON_PURPOSE = {("customers.Erasure", "customer_ids")}


@pytest.fixture(autouse=True)
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(erasure_journal, "path", lambda: tmp_path / erasure_journal.FILE)
    return tmp_path / erasure_journal.FILE


def fill(customer: Customer) -> None:
    """A row about the customer in every table that may have one."""
    attributes.write(customer.pk, "city", f"city of {customer.name}")
    companies.join(customer.pk, "Bean & Co")
    labels.put(customer.pk, "VIP", by=INES)
    consents.give(customer.pk, "news", by=INES, source="phone")
    Trait.objects.create(customer=customer, name="tier", value=f"tier of {customer.name}", as_of=AT)
    record(customer.pk, "Order Completed", total=1, buyer=customer.email)
    visitor = make_customer(f"visitor who may be {customer.pk}")
    ClaimedLink.objects.create(visitor=visitor, customer=customer, source_id=1, at=AT)
    jobs.defer("test.anything", customer_id=customer.pk, note=customer.email)
    who = links.known(customer.email)
    assert who is not None and links.make(who, request=f"erasure {customer.pk}")
    sessions.begin(customer.pk, address=customer.email)
    converse(customer)
    writer = Actor("agent", make_agent(f"Writer{customer.pk}").pk)
    for whom in (Whom(customer.pk), Whom(None, customer.email)):
        first_drafts.save(whom, by=writer, text=f"Dear {customer.name}", said={}, attachments=[])


def converse(customer: Customer) -> None:
    """A question, an answer that left for them, the words the search knows, and what a webhook was told."""
    mailbox = Channel.objects.first() or make_mailbox()
    held = ask(customer.pk, mailbox, f"{customer.name} asks", subject=f"Parcel of {customer.name}")
    reply = messages.reply(held.pk, Written(text=f"Dear {customer.name}"), by=SYSTEM)
    letting_go.let_go(reply.pk)
    indexing.index([held.pk])
    hook, _is_new = Webhook.objects.get_or_create(url="https://x.example/", created_at=AT, created_by="system")
    Notice.objects.create(
        webhook=hook, event_id=str(held.pk), event="message received", customer_id=customer.pk, created_at=AT,
        due_at=AT, body={"subject": held.subject},
    )  # fmt: skip


def about(ids: list[int]) -> dict[str, int]:
    """How many rows of each table name one of these customers, found by walking every model there is."""
    counts: dict[str, int] = {}
    for model in apps.get_models(include_auto_created=True):
        for column in _columns_of_customers(model):
            if (model._meta.label, column) in KEPT_ON_PURPOSE:
                continue
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {model._meta.db_table} WHERE {column} = ANY(%s)", [ids])
                counts[f"{model._meta.db_table}.{column}"] = cursor.fetchone()[0]
    return counts


def _columns_of_customers(model: type[models.Model]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if field.related_model is Customer or field.column == "customer_id":
            yield field.column
    if model is Customer:
        yield "id"


def every_text() -> str:
    """Every value of every table, as text: what a dump of the database would show."""
    said: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" AS t')
            said += [row[0] for row in cursor.fetchall()]
    return "\n".join(said)


def test_no_table_keeps_a_row_and_others_keep_all_of_theirs(ada: Customer, musa: Customer) -> None:
    for customer in (ada, musa):
        fill(customer)
    jun = make_customer("Jun", email="jun@example.com")
    ClaimedLink.objects.create(visitor=jun, customer=ada, source_id=1, at=AT)
    merges.merge(ada.pk, jun.pk, by=INES)
    ids = [ada.pk, jun.pk]
    before, others = about(ids), about([musa.pk])
    empty = {name for name, count in before.items() if not count}
    assert empty == set(), "fill() leaves these tables untested"
    erasures.erase(ada.pk, by=INES)
    assert {name: count for name, count in about(ids).items() if count} == {}
    assert about([musa.pk]) == others


def test_nothing_in_the_database_remembers_what_they_were_called(ada: Customer, musa: Customer) -> None:
    for customer in (ada, musa):
        fill(customer)
    assert "ada@example.com" in every_text()
    erasures.erase(ada.pk, by=INES)
    left = every_text().casefold()
    assert [word for word in ("ada@example.com", "u-1\t", "moreno", "city of ada", "tier of ada") if word in left] == []
    assert "parcel" in left  # a word others use too is still one the search knows
    assert "musa@example.com" in left


def test_whoever_was_merged_is_erased_from_either_side(ada: Customer, musa: Customer) -> None:
    merges.merge(ada.pk, musa.pk, by=INES)
    erasures.erase(musa.pk, by=INES)
    assert (Customer.objects.count(), Identity.objects.count(), Merge.objects.count()) == (0, 0, 0)


def test_whoever_was_separated_again_is_somebody_else(ada: Customer, musa: Customer) -> None:
    merges.undo(merges.merge(ada.pk, musa.pk, by=INES).pk, by=INES)
    erasures.erase(ada.pk, by=INES)
    assert list(Customer.objects.values_list("name", flat=True)) == ["Musa Traoré"]


def test_the_erased_are_not_recognised_again(ada: Customer) -> None:
    erasures.erase(ada.pk, by=INES)
    ways = [("email", "ada@example.com"), ("external", "u-1"), ("email", "new@example.com")]
    with transaction.atomic():
        found = recognition.recognise(ways, source_id=1, at=AT, is_known=True, is_verified=True)
    assert list(found) == [("email", "new@example.com")]


def test_jobs_about_them_go_and_others_stay(ada: Customer, musa: Customer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        (earlier,) = cursor.fetchone()
    jobs.defer("test.anything", customer_id=ada.pk)
    jobs.defer("test.anything", payload={"deep": [{"customer_ids": [musa.pk, ada.pk]}]})
    jobs.defer(
        "kernel.deliver", handler="h", event="CustomersMerged", payload={"kept_id": musa.pk, "merged_id": ada.pk}
    )
    jobs.defer("test.anything", customer_id=musa.pk)
    jobs.defer("test.anything", count=ada.pk)
    erasures.erase(ada.pk, by=INES)
    with connection.cursor() as cursor:
        ours = "SELECT args FROM procrastinate_jobs WHERE id > %s AND task_name <> %s ORDER BY id"
        cursor.execute(ours, [earlier, erasures.FINISH])
        kept = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
    assert kept == [{"customer_id": musa.pk}, {"count": ada.pk}]


def test_it_is_done_once_however_often_it_is_asked(ada: Customer) -> None:
    first = erasures.erase(ada.pk, by=INES)
    assert erasures.erase(ada.pk, by=INES).pk == first.pk
    assert Erasure.objects.count() == 1
    assert AuditEntry.objects.filter(verb="customer erased").count() == 1


def test_somebody_who_never_was_is_refused(db: None) -> None:
    with pytest.raises(NoSuchCustomer):
        erasures.erase(10**9, by=INES)
    assert Erasure.objects.count() == 0


def test_another_name_erases_nothing(ada: Customer) -> None:
    with pytest.raises(NameDoesNotMatch):
        erasures.erase(ada.pk, by=INES, typed_name="Musa")
    assert (Erasure.objects.count(), Identity.objects.filter(customer=ada).count()) == (0, 2)
    assert people.suppressed([("email", "ada@example.com")]) == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crash_after", ["asking", "the journal", "half of the removal"])
def test_a_crash_is_finished_by_the_job(crash_after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = make_customer("Ada Moreno", email="ada@example.com")
    fill(ada)

    def crash(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        if crash_after == "asking":
            patched.setattr(erasures, "_journal", crash)
        elif crash_after == "the journal":
            patched.setattr(erasures, "_remove", crash)
        else:
            keeper = people._keepers["facts"]
            broken = people.Keeper(keeper.name, keeper.models, export=keeper.export, erase=crash)
            patched.setitem(people._keepers, "facts", broken)
        with pytest.raises(KeyboardInterrupt):
            erasures.erase(ada.pk, by=INES)
    assert people.suppressed([("email", "ada@example.com")]) == {("email", "ada@example.com")}
    assert Fact.objects.filter(customer_id=ada.pk).exists()
    with pytest.raises((BeingErased, NoSuchCustomer)):
        labels.put(ada.pk, "late", by=INES)
    erasure = Erasure.objects.get()
    tasks.finish_erasure(erasure.pk)
    erasure.refresh_from_db()
    assert None not in (erasure.journaled_at, erasure.erased_at, erasure.swept_at)
    assert {name: count for name, count in about([ada.pk]).items() if count} == {}
    assert len(list(erasure_journal.entries())) == 1


def test_what_came_late_goes_with_the_sweep(ada: Customer) -> None:
    erasure = erasures.erase(ada.pk, by=INES)
    record(ada.pk, "Page Viewed")
    assert erasure.addresses and not erasures.finish(erasure.pk).addresses
    assert Fact.objects.filter(customer_id=ada.pk).count() == 0


def test_the_journal_knows_when_but_not_who(ada: Customer, journal: Path) -> None:
    erasure = erasures.erase(ada.pk, by=INES)
    line = json.loads(journal.read_text())
    assert set(line) == {"at", "digests"}
    assert line["at"] == erasure.asked_at.isoformat()
    assert sorted(line["digests"]) == sorted(
        people.digest(*way).hex() for way in (("email", "ada@example.com"), ("external", "u-1"))
    )
    assert journal.stat().st_mode & 0o777 == 0o600


def test_a_line_cut_short_by_a_crash_costs_no_other(journal: Path) -> None:
    erasure_journal.append([b"\x01" * 32], at=AT)
    with journal.open("a") as file:
        file.write('{"at": "2026-0')
    erasure_journal.append([b"\x02" * 32], at=AT + timedelta(days=1))
    assert [entry.digests for entry in erasure_journal.entries()] == [[b"\x01" * 32], [b"\x02" * 32]]


def test_a_restored_backup_is_told_again(ada: Customer, musa: Customer, journal: Path) -> None:
    journal.touch()
    ways = [("email", "ada@example.com")]
    erasure_journal.append([people.digest(*way) for way in ways], at=AT)  # erased after the backup was made
    assert erasures.replay() == 1
    assert list(Customer.objects.values_list("name", flat=True)) == ["Musa Traoré"]
    assert people.suppressed(ways) == set(ways)
    assert erasures.replay() == 0


def test_a_running_job_is_emptied_so_that_its_worker_can_close_it(ada: Customer) -> None:
    number = jobs.defer("test.anything", customer_id=ada.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [number])
        erasures.erase(ada.pk, by=SYSTEM)
        cursor.execute("SELECT args::text FROM procrastinate_jobs WHERE id = %s", [number])
        assert cursor.fetchone() == ("{}",)


# Hypothesis tries words it finds in the code, which the database's own tables may hold: none begins with ø.
WORD = st.text("abcdefghijklmnopqrstuvwxyzäéßøñ", min_size=8, max_size=14).map("ø{}".format)
PERSON = st.fixed_dictionaries({"name": WORD, "mail": WORD, "id": WORD, "city": WORD})


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PERSON, min_size=3, max_size=6), st.data())
def test_whoever_is_erased_leaves_no_word_behind_and_nobody_else_changes(
    cast: list[dict[str, str]], data: st.DataObject
) -> None:
    words = [word for person in cast for word in person.values()]
    if len(set(words)) < len(words) or any(a != b and a in b for a in words for b in words):
        return
    with transaction.atomic():
        made = [_lived(person) for person in cast]
        erased = data.draw(st.sets(st.integers(0, len(cast) - 1), min_size=1, max_size=len(cast) - 1))
        kept = [number for number in range(len(cast)) if number not in erased]
        before = {number: about([made[number]]) for number in kept}
        for number in erased:
            erasures.erase(made[number], by=INES)
        left = every_text().casefold()
        for number in erased:
            assert [word for word in cast[number].values() if word.casefold() in left] == []
        assert {number: about([made[number]]) for number in kept} == before
        for number in kept:
            assert all(word in left for word in (cast[number]["mail"].casefold(), cast[number]["city"].casefold()))
        transaction.set_rollback(True)


def _lived(person: dict[str, str]) -> int:
    customer = make_customer(person["name"], email=f"{person['mail']}@example.com", external=person["id"])
    attributes.write(customer.pk, "city", person["city"])
    labels.put(customer.pk, "VIP", by=INES)
    record(customer.pk, "Order Completed", buyer=person["name"], to=person["city"])
    jobs.defer("test.anything", customer_id=customer.pk, city=person["city"])
    with transaction.atomic():
        facts.record("label added", customer_id=customer.pk, properties={"label": person["name"], "by": "agent:1"})
    return customer.pk
