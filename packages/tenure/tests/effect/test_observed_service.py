"""Does quick service keep customers? One row per customer, frozen at opening; and the honesty test on real posts."""

from __future__ import annotations

import datetime as dt
import math
import xml.etree.ElementTree as ElementTree
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.effect import NotIdentifiable, Observed, first_conversations, service_on_retention
from tenure.effect.observed_errors import AfterTreatment, NobodyLanded
from tenure.effect.observed_history import History, ids_of, queue_at
from tenure.errors import NoSuchColumn, UnknownChoice

HOUR, DAY = 3_600_000_000, 86_400_000_000
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)  # a Monday


def at(hours: float) -> dt.datetime:
    return START + dt.timedelta(hours=hours)


CONVERSATIONS = {
    "customer": ["ada", "musa", "ada", "ines", "bo", "ada"],
    "opened_at": [at(0), at(1), at(48), at(24 * 5), at(24 * 40), at(24 * 60)],
    "first_response": [at(2), None, at(60), at(24 * 5 + 6), at(24 * 40 + 1), at(24 * 60 + 1)],
    "channel": ["mail", "chat", "chat", "mail", "mail", "mail"],
}
ASKED: dict[str, Any] = {
    "customer": "customer", "opened_at": "opened_at", "answered_at": "first_response",
    "within_hours": 6, "landmark_days": 30, "as_of": "2026-05-20",
}  # fmt: skip


def rows_of(**changed: Any) -> dict[str, dict[str, Any]]:
    table = first_conversations(CONVERSATIONS, **{**ASKED, **changed}).table()
    return {row["customer"]: row for row in table.to_pylist()}


def test_each_customers_first_conversation_is_one_row() -> None:
    rows = rows_of(covariates=["channel"])
    assert list(rows) == ["ada", "musa", "ines", "bo"]
    assert [row["opened_at"] for row in rows.values()] == [at(0), at(1), at(24 * 5), at(24 * 40)]
    assert [row["treated"] for row in rows.values()] == [True, False, True, True]
    assert [row["outcome"] for row in rows.values()] == [True, False, False, False]
    assert [row["channel"] for row in rows.values()] == ["mail", "chat", "mail", "mail"]


def test_first_conversations_say_in_a_line_and_a_picture_how_unlike_the_groups_were() -> None:
    found = first_conversations(CONVERSATIONS, **ASKED, covariates=["channel"])
    assert repr(found) == ("<First conversations of 4 customers: 3 answered within 6 hours, 1 back within 30 days>")
    assert "<td>musa</td>" in found._repr_html_()
    pytest.importorskip("altair", reason="charts need the extra tenure[chart]")
    spec = found.chart().to_dict()
    drawn = spec["datasets"][spec["layer"][1]["data"]["name"]]
    rows = {row["covariate"]: row["apart"] for row in drawn}
    assert rows["date"] == pytest.approx((15 - 1 / 24) / np.sqrt(np.var([0, 5, 40]) / 2))


def test_exactly_in_time_is_in_time_and_a_microsecond_later_is_not() -> None:
    assert rows_of(within_hours=2)["ada"]["treated"]
    assert not rows_of(within_hours=2 - 1 / 3.6e9)["ada"]["treated"]


def test_covariates_are_frozen_at_opening() -> None:
    rows = rows_of()
    assert (rows["ada"]["weekend"], rows["ines"]["weekend"]) == (0.0, 1.0)
    assert rows["ada"]["hour (sin)"] == pytest.approx(math.sin(2 * math.pi * 9 / 24))
    assert [row["activity so far"] for row in rows.values()] == [0.0] * 4
    assert rows["musa"]["others waiting"] == pytest.approx(math.log(2))  # Ada's, answered an hour later
    assert rows["ines"]["others waiting"] == pytest.approx(math.log(2))  # Musa's, never answered, five days old
    assert rows["bo"]["others waiting"] == 0.0


def test_the_window_chooses_which_conversation_is_the_first() -> None:
    ada = rows_of(since="2026-03-03", until="2026-03-05")["ada"]
    assert ada["opened_at"] == at(48)
    assert not ada["treated"]
    assert ada["activity so far"] == pytest.approx(math.log(2))
    assert ada["before"]


def test_the_next_answer_is_a_control_only_where_there_is_a_next_one() -> None:
    rows = rows_of()
    assert rows["ada"]["later"] == 0.0
    assert rows["musa"]["later"] is None


def test_coming_back_is_counted_in_the_activity_given() -> None:
    orders = {"customer": ["musa", "musa", "bo", "eve"], "time": [at(-24), at(24 * 30 + 1), at(24 * 40), at(3)]}
    rows = rows_of(activity=orders)
    assert [row["outcome"] for row in rows.values()] == [False, True, False, False]  # Bo's was at the very opening
    assert [row["before"] for row in rows.values()] == [False, True, False, False]
    assert rows["musa"]["days known"] == pytest.approx(math.log1p(25 / 24))
    again = rows_of(activity=orders, back="conversation")
    assert [row["outcome"] for row in again.values()] == [True, False, False, False]


def test_a_later_fact_changes_nothing_that_was_frozen() -> None:
    orders = {"customer": ["ada"] * 3, "time": [at(-100), at(1), at(24 * 20)]}
    fewer = {"customer": ["ada"], "time": [at(-100)]}
    frozen = ("activity so far", "days known", "conversations so far", "others waiting", "before")
    more, less = (rows_of(activity=facts)["ada"] for facts in (orders, fewer))
    assert {name: more[name] for name in frozen} == {name: less[name] for name in frozen}


def test_whoever_has_not_reached_the_landmark_is_left_out_and_counted() -> None:
    found = first_conversations(CONVERSATIONS, **{**ASKED, "as_of": "2026-04-20"})
    assert found.customers.to_pylist() == ["ada", "musa", "ines"]
    assert found.notes == ("1 of 4 customers have not reached their landmark yet.",)
    with pytest.raises(NobodyLanded, match="no landmark has been reached"):
        first_conversations(CONVERSATIONS, **{**ASKED, "as_of": "2026-03-05"})
    with pytest.raises(NobodyLanded, match="none was opened in the window"):
        first_conversations(CONVERSATIONS, **ASKED, since="2027-01-01")


@pytest.mark.parametrize("name", ["resolution_hours", "reopened", "csat"])
def test_adjusting_for_what_came_of_it_is_refused_by_name(name: str) -> None:
    table = {**CONVERSATIONS, name: [1, 2, 3, 4, 5, 6]}
    with pytest.raises(AfterTreatment, match=f"The column '{name}' cannot be adjusted for"):
        service_on_retention(table, **ASKED, covariates=[name])


def test_unknown_choices_and_columns_are_refused() -> None:
    for choice in ({"within_hours": 0}, {"landmark_days": 0}, {"back": "order"}, {"without": ["mood"]}):
        with pytest.raises(UnknownChoice):
            first_conversations(CONVERSATIONS, **{**ASKED, **choice})
    with pytest.raises(NoSuchColumn):
        first_conversations(CONVERSATIONS, **ASKED, covariates=["mood"])


def test_conversations_that_cannot_be_placed_are_left_out_and_counted() -> None:
    odd = {
        **CONVERSATIONS,
        "customer": [None, *CONVERSATIONS["customer"][1:]],
        "first_response": [*CONVERSATIONS["first_response"][:-1], at(0)],
    }
    found = first_conversations(odd, **ASKED)
    assert found.notes[0].startswith("2 of 6 conversations have no customer, no opening, or an answer from before it")


def test_too_few_customers_are_not_identifiable_rather_than_an_error() -> None:
    answer = service_on_retention(CONVERSATIONS, **ASKED)
    assert isinstance(answer, NotIdentifiable)
    assert "only 3 customers were treated (at least 20)" in answer.sentence
    assert answer.asked.treatment == "answered within 6 hours"


moments = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20)), max_size=30)


@given(moments, moments)
def test_histories_are_counted_as_by_hand(facts: list[tuple[int, int]], asked: list[tuple[int, int]]) -> None:
    codes, when = (np.array([pair[i] for pair in facts], np.int64) for i in (0, 1))
    whose, moment = (np.array([pair[i] for pair in asked], np.int64) for i in (0, 1))
    history = History.of(codes, when)
    by_hand = [sum(c == code and m <= at for c, m in facts) for code, at in asked]
    between = [sum(c == code and at < m <= at + 5 for c, m in facts) for code, at in asked]
    firsts = [min((m for c, m in facts if c == code), default=-1) for code, _ in asked]
    assert history.until(whose, moment).tolist() == by_hand
    assert history.between(whose, moment, moment + 5).tolist() == between
    assert history.first(whose, otherwise=np.full(len(whose), -1)).tolist() == firsts


def test_a_queue_forgets_what_nobody_answered_after_a_week() -> None:
    opened = np.array([0, DAY], np.int64)
    never = np.full(2, np.iinfo(np.int64).max)
    assert queue_at(np.array([0, 2, 8, 9]) * DAY, opened, never).tolist() == [0, 2, 1, 0]


def test_a_number_is_not_the_text_that_looks_like_it() -> None:
    known, codes = ids_of([3, 1, None, 3])
    assert (known.to_pylist(), codes.tolist()) == ([3, 1], [0, 1, -1, 0])
    assert ids_of(["1", "3"], among=known)[1].tolist() == [-1, -1]
    assert ids_of([1, 2], among=known)[1].tolist() == [1, -1]


@pytest.fixture(scope="module")
def posts(request: pytest.FixtureRequest) -> list[dict[str, str]]:
    """Every post of the question-and-answer site, as it stands in the file."""
    import os
    from pathlib import Path

    here = Path(__file__).resolve().parents[4].parent / "shared" / "data"
    path = Path(os.environ.get("REGULARS_SHARED_DATA", here)) / "beer_stackexchange" / "beer.Posts.xml"
    if not path.exists():
        pytest.skip("the data set beer_stackexchange is not here (shared/data beside the repository)")
    return [dict(row.attrib) for row in ElementTree.parse(path).getroot()]


def beer(posts: list[dict[str, str]], **choices: Any) -> Any:
    """First questions; the first answer by somebody else within six hours; asking again within 180 days."""
    questions = [post for post in posts if post["PostTypeId"] == "1" and "OwnerUserId" in post]
    asker = {post["Id"]: post["OwnerUserId"] for post in questions}
    answered: dict[str, str] = {}
    for post in posts:
        if post["PostTypeId"] == "2" and post.get("OwnerUserId") != asker.get(post["ParentId"]):
            answered[post["ParentId"]] = min(answered.get(post["ParentId"], "9"), post["CreationDate"])
    table = {
        "customer": [post["OwnerUserId"] for post in questions],
        "opened_at": _times([post["CreationDate"] for post in questions]),
        "answered_at": _times([answered.get(post["Id"]) for post in questions]),
        "title_length": [len(post["Title"]) for post in questions],
        "body_length": [math.log(len(post["Body"])) for post in questions],
        "tags": [post["Tags"].count("<") for post in questions],
        "Score": [int(post["Score"]) for post in questions],
    }
    written = [post for post in posts if post["PostTypeId"] in "12" and "OwnerUserId" in post]
    activity = {
        "customer": [post["OwnerUserId"] for post in written],
        "time": _times([post["CreationDate"] for post in written]),
    }
    usual: dict[str, Any] = {
        "covariates": ["title_length", "body_length", "tags"], "activity": activity, "back": "conversation",
        "without": ["others waiting"],
    }  # fmt: skip
    return first_conversations(
        table, customer="customer", opened_at="opened_at", answered_at="answered_at", within_hours=6,
        landmark_days=180, **{**usual, **choices},
    )  # fmt: skip


def _times(texts: list[str | None]) -> pa.Array:
    moments = [None if text is None else dt.datetime.fromisoformat(text) for text in texts]
    return pa.array(moments, pa.timestamp("us", "UTC"))


def test_the_honesty_test_what_looks_significant_is_said_not_to_be_shown(posts: list[dict[str, str]]) -> None:
    answer = beer(posts).ask()
    assert isinstance(answer, Observed)
    plain, adjusted = answer.described.difference, answer.estimate
    assert (answer.asked.customers, answer.asked.treated) == (287, 123)
    assert plain.value == pytest.approx(0.114, abs=0.001)
    assert plain.is_clear
    assert not answer.is_clear
    assert adjusted.low < -0.05 and adjusted.high > 0.09
    assert abs(adjusted.value) < 0.06
    assert answer.evidence == "adjusted"
    assert answer.sentence.startswith(
        "Comparing like with like, no effect of “answered within 6 hours” on “back within 180 days” is shown"
    )
    assert "The plain difference of +11.4 points looks clear but" in answer.sentence
    assert [one.is_null for one in answer.controls] == [True, True]


def test_with_straight_lines_only_it_is_about_five_points_give_or_take_eleven(posts: list[dict[str, str]]) -> None:
    answer = beer(posts).ask(learners=["linear"], benchmarks=False)
    assert isinstance(answer, Observed)
    assert answer.estimate.value == pytest.approx(0.05, abs=0.01)
    assert answer.estimate.high - answer.estimate.value == pytest.approx(0.11, abs=0.01)
    assert not answer.is_clear


def test_a_posts_score_is_refused_because_votes_come_later(posts: list[dict[str, str]]) -> None:
    with pytest.raises(AfterTreatment, match="'Score'"):
        beer(posts, covariates=["Score"])
