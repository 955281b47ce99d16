"""The mirror holds every fact once, whatever dies when."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from regulars.insights.mirror import compaction, erasing, files
from regulars.insights.mirror.moments import moments
from regulars.insights.mirror.names import CONSUMER
from regulars.insights.models import MirrorFile
from regulars.kernel import facts, tail
from regulars.kernel.models import Fact

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def append(*message_ids: str, customer_id: int = 1, days_later: int = 0, **properties: str) -> None:
    new = [
        facts.NewFact(customer_id=customer_id, name="Page Viewed", occurred_at=AT, message_id=m, properties=properties)
        for m in message_ids
    ]
    with transaction.atomic():
        facts.append(facts.as_columns(new), source_id=1, received_at=AT + timedelta(days=days_later))


def mirrored() -> list[str]:
    return sorted(files.read(["message_id"])["message_id"].to_pylist())


def on_disk(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder / "mirror")) for path in folder.glob("mirror/*/*"))


def test_facts_arrive_whole(data_directory: Path) -> None:
    append("a", text='comma, "quote"\nline — é', empty="")
    tail.catch_up(CONSUMER)
    fact = Fact.objects.get()
    row = files.read(files_columns()).to_pylist()[0]
    assert row == {
        "epoch": 1,
        "tx": fact.tx,
        "id": fact.id,
        "customer_id": 1,
        "name": "Page Viewed",
        "occurred_at": AT,
        "recorded_at": AT,
        "received_at": AT,
        "source_id": 1,
        "message_id": "a",
        "is_trusted": True,
        "is_recorded_assumed": True,
        "properties": '{"text": "comma, \\"quote\\"\\nline — é", "empty": ""}',
    }


def files_columns() -> list[str]:
    from regulars.insights.mirror.columns import SCHEMA

    return list(SCHEMA.names)


def test_facts_lie_by_the_day_they_were_received(data_directory: Path) -> None:
    append("a")
    append("b", days_later=1)
    tail.catch_up(CONSUMER)
    assert dict(MirrorFile.objects.values_list("day", "rows")) == {date(2026, 3, 2): 1, date(2026, 3, 3): 1}
    assert on_disk(data_directory) == ["day=2026-03-02/from-0-0-0.parquet", "day=2026-03-03/from-0-0-0.parquet"]


def test_a_crash_between_the_file_and_the_commit_is_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    append("a")
    with monkeypatch.context() as patch:
        patch.setattr(files, "save", lambda rows: (_ for _ in ()).throw(SystemExit(9)))
        with pytest.raises(SystemExit):
            tail.catch_up(CONSUMER)
    assert mirrored() == []
    append("b")
    tail.catch_up(CONSUMER)
    assert mirrored() == ["a", "b"]


def test_a_second_run_adds_nothing() -> None:
    append("a", "b")
    tail.catch_up(CONSUMER)
    tail.rewind(CONSUMER)
    tail.catch_up(CONSUMER)
    assert mirrored() == ["a", "b"]


def test_reading_after_a_position_gives_only_what_is_new() -> None:
    append("a")
    tail.catch_up(CONSUMER)
    seen = tail.position(CONSUMER)
    append("b", "c")
    tail.catch_up(CONSUMER)
    compaction.compact(enough=2)
    assert sorted(files.read(["message_id"], after=seen)["message_id"].to_pylist()) == ["b", "c"]


def test_small_files_are_joined_and_the_old_ones_go(data_directory: Path) -> None:
    for number in range(4):
        append(f"m{number}", customer_id=9 - number)
        tail.catch_up(CONSUMER)
    assert compaction.compact(enough=5) == 0
    assert compaction.compact(enough=4) == 4
    assert mirrored() == ["m0", "m1", "m2", "m3"]
    assert files.read(["customer_id"])["customer_id"].to_pylist() == [6, 7, 8, 9]
    assert len(on_disk(data_directory)) == MirrorFile.objects.count() == 1


def test_a_compaction_that_dies_before_its_commit_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, data_directory: Path
) -> None:
    for number in range(3):
        append(f"m{number}")
        tail.catch_up(CONSUMER)
    before = on_disk(data_directory)
    with monkeypatch.context() as patch:
        patch.setattr(files, "save", lambda rows: (_ for _ in ()).throw(SystemExit(9)))
        with pytest.raises(SystemExit):
            compaction.compact(enough=3)
    assert mirrored() == ["m0", "m1", "m2"]
    assert compaction.sweep() == 1
    assert on_disk(data_directory) == before


def test_erasure_takes_a_customer_out_of_every_file_and_nobody_else(data_directory: Path) -> None:
    append("a", customer_id=1)
    append("b", customer_id=2)
    tail.catch_up(CONSUMER)
    append("c", customer_id=1, days_later=1)
    tail.catch_up(CONSUMER)
    with transaction.atomic():
        assert erasing.erase([1]) == 2
    assert mirrored() == ["b"]
    assert len(on_disk(data_directory)) == MirrorFile.objects.count() == 1
    append("d", customer_id=2)
    tail.catch_up(CONSUMER)
    with transaction.atomic():
        assert erasing.erase([2]) == 2
    assert mirrored() == []


def test_an_erasure_that_is_rolled_back_leaves_the_files(data_directory: Path) -> None:
    append("a")
    tail.catch_up(CONSUMER)
    before = on_disk(data_directory)
    with pytest.raises(RuntimeError), transaction.atomic():
        erasing.erase([1])
        raise RuntimeError
    compaction.sweep()
    assert mirrored() == ["a"]
    assert on_disk(data_directory) == before


def test_two_columns_are_read_straight_whether_a_file_is_of_one_name_or_of_many() -> None:
    def happened(name: str, *customers: int, is_trusted: bool = True) -> None:
        rows = [
            facts.NewFact(who, name, AT + timedelta(minutes=who), f"{name}-{who}", is_trusted=is_trusted)
            for who in customers
        ]
        with transaction.atomic():
            facts.append(facts.as_columns(rows), source_id=1, received_at=AT)

    def told(**said: Any) -> list[tuple[int, int]]:
        who, when = moments(said.pop("name", "Order Completed"), **{"is_trusted_only": True, **said})
        return sorted(zip(who.tolist(), ((when - int(AT.timestamp() * 1e6)) // 60_000_000).tolist(), strict=True))

    assert told() == []
    happened("Order Completed", 1, 2)
    tail.catch_up(CONSUMER)  # a file of nothing else
    assert told() == [(1, 1), (2, 2)]
    seen = tail.position(CONSUMER)
    happened("Page Viewed", 3)
    happened("Order Completed", 4)
    happened("Order Completed", 5, is_trusted=False)
    tail.catch_up(CONSUMER)  # a file of several
    assert told() == [(1, 1), (2, 2), (4, 4)]
    assert told(is_trusted_only=False) == [(1, 1), (2, 2), (4, 4), (5, 5)]
    assert told(name="Page Viewed") == [(3, 3)]
    assert told(after=seen) == [(4, 4)]
    assert (compaction.compact(enough=2), told(after=seen), told()) == (2, [(4, 4)], [(1, 1), (2, 2), (4, 4)])
