"""A row looks as its template draws it, whatever it says and however it stands."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.kernel import clock
from regulars.kernel.money import Money
from regulars.web.desk import drawing, plain_rows

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
TEXTS = st.sampled_from(["", "Ada Moreno", '<b>&amp; "both"</b>', "\ue000called\ue001", "?" + plain_rows.QUERY])
NAMED = st.sampled_from(["Ada Moreno", "<i>", "ada@example.com", "·"])
MOMENTS = st.sampled_from([NOW - timedelta(days=400), NOW - timedelta(minutes=3), NOW, NOW + timedelta(hours=5)])
ROWS = st.builds(
    SimpleNamespace,
    pk=st.sampled_from([1, 31, 10**15 + 7]), called=NAMED, subject=TEXTS, preview=TEXTS, last_at=MOMENTS,
    channel=st.builds(SimpleNamespace, name=TEXTS), channel_icon=st.sampled_from(["mail", "chat"]),
    team=st.none() | NAMED, assignee=st.none() | NAMED,
    waiting_since=st.none() | MOMENTS, snoozed_until=st.none() | MOMENTS, due_at=st.none() | MOMENTS,
    status=st.sampled_from(["open", "waiting", "snoozed", "resolved"]), priority=st.integers(1, 4),
    last_author=st.sampled_from(["", "agent", "customer"]),
    worn=st.lists(st.tuples(NAMED, st.integers(0, 359)), max_size=5),
    stake_money=st.none() | st.just(Money(120_450, "EUR")),
    is_late=st.booleans(), is_due_soon=st.booleans(), waits_longer=st.booleans(), has_attachments=st.booleans(),
    has_draft=st.booleans(), mentions_me=st.booleans(), side_unread=st.booleans(),
)  # fmt: skip


@settings(max_examples=150)
@given(row=ROWS, view=st.sampled_from(["all", "waiting", "resolved"]), language=st.sampled_from(["en", "de"]))
def test_a_row_looks_as_its_template_draws_it(row: Any, view: str, language: str) -> None:
    with translation.override(language), clock.frozen(NOW):
        assert drawing.draw(row, view) == drawing.by_template(row, view)


def test_what_has_more_to_it_is_left_to_the_template() -> None:
    row = SimpleNamespace(stake_money=None, worn=[("a", 1)] * 3)
    assert plain_rows.is_plain(row)
    row.worn = [("a", 1)] * 4
    assert not plain_rows.is_plain(row)
    assert not plain_rows.is_plain(SimpleNamespace(stake_money=Money(1, "EUR"), worn=[]))
