"""What happens when two do something about the same customer at the same moment."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from regulars.customers.actions import erasures, labels, merges, recognition, traits
from regulars.customers.actions.traits import NewTrait
from regulars.customers.errors import AlreadyMerged
from regulars.customers.models import Customer, Merge, Trait
from regulars.kernel import facts
from regulars.kernel.models import Fact
from tests.customers.cast import AT, INES, make_customer

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[BaseException | None]:
    """Do all of these at the same time, each on a connection of its own; what each raised, if anything."""
    outcomes: list[BaseException | None] = [None] * len(deeds)
    ready = threading.Barrier(len(deeds))

    def run(number: int) -> None:
        ready.wait(10)
        try:
            deeds[number]()
        except BaseException as error:
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def test_of_two_opposite_merges_one_stands() -> None:
    ada, musa = make_customer("Ada"), make_customer("Musa")
    for _ in range(5):
        outcomes = at_once(
            lambda: merges.merge(ada.pk, musa.pk, by=INES), lambda: merges.merge(musa.pk, ada.pk, by=INES)
        )
        assert sorted(type(outcome) for outcome in outcomes if outcome) == [AlreadyMerged]
        standing = Merge.objects.get(undone_at=None)
        assert Customer.objects.get(pk=standing.merged_id).merged_into_id == standing.kept_id
        merges.undo(standing.pk, by=INES)


def test_merging_undoing_and_labelling_never_wait_in_a_circle() -> None:
    cast = [make_customer(name) for name in ("Ada", "Musa", "Jun")]
    for _ in range(4):
        first = merges.merge(cast[2].pk, cast[0].pk, by=INES)
        outcomes = at_once(
            lambda first=first: merges.undo(first.pk, by=INES),
            lambda: merges.merge(cast[1].pk, cast[2].pk, by=INES),
            lambda: labels.put(cast[0].pk, "VIP", by=INES),
        )
        assert outcomes == [None, None, None]
        for merge in Merge.objects.filter(undone_at=None):
            merges.undo(merge.pk, by=INES)


def test_what_is_being_written_during_an_erasure_is_erased_too() -> None:
    ada = make_customer("Ada", email="ada@example.com")
    written, may_commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            way = ("email", "ada@example.com")
            found = recognition.recognise([way], source_id=1, at=AT, is_known=True, is_verified=True)
            written.set()
            may_commit.wait(10)
            fact = facts.NewFact(customer_id=found[way], name="Page Viewed", occurred_at=AT, message_id="late")
            facts.append(facts.as_columns([fact]), source_id=1)

    def erase() -> None:
        written.wait(10)
        threading.Timer(0.3, may_commit.set).start()
        erasures.erase(ada.pk, by=INES)

    assert at_once(write_slowly, erase) == [None, None]
    assert Fact.objects.count() == 0
    assert not Customer.objects.exists()


def test_scores_written_during_an_erasure_are_written_of_everybody_else() -> None:
    ada, musa = make_customer("Ada"), make_customer("Musa")
    is_gone = threading.Event()

    def erase() -> None:
        with transaction.atomic():
            Customer.objects.filter(pk=ada.pk).delete()
            is_gone.set()
            wait_until_somebody_waits()

    def score() -> None:
        is_gone.wait(10)
        traits.write("risk", [NewTrait(one.pk, 0.5, {}) for one in (ada, musa)], as_of=AT)

    assert at_once(erase, score) == [None, None]
    assert list(Trait.objects.values_list("customer_id", flat=True)) == [musa.pk]


def wait_until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _ in range(1_000):
            cursor.execute("SELECT pg_sleep(0.01), EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[1]:
                return
    raise AssertionError("nobody waited")


def test_an_erasure_asked_for_twice_at_once_is_done_once() -> None:
    ada = make_customer("Ada", email="ada@example.com")
    outcomes = at_once(lambda: erasures.erase(ada.pk, by=INES), lambda: erasures.erase(ada.pk, by=INES))
    assert outcomes == [None, None]
    assert not Customer.objects.exists()
