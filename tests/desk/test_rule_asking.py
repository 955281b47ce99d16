"""A block of rules that is asked at once answers what each asked alone would, over any conditions."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.desk.actions import labels, rule_asking, rules
from regulars.desk.models import Conversation, Firing, Rule
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.desk.test_conditions import NOW, Desk, _trees

pytestmark = pytest.mark.django_db
LABEL = {"deed": "label", "value": "Seen"}


def block_of(trees: list[Any]) -> list[Rule]:
    return [Rule(pk=number, conditions=tree) for number, tree in enumerate(trees, 1)]


def test_a_block_is_met_as_each_of_its_rules_alone() -> None:
    desk = Desk()
    rows = list(Conversation.objects.order_by("pk")[:3])

    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(_trees(desk), min_size=1, max_size=4), st.sampled_from(rows))
    def compare(trees: list[Any], row: Conversation) -> None:
        with clock.frozen(NOW):
            alone = {number for number, tree in enumerate(trees, 1) if rules.meets(tree, row)}
            assert rule_asking.met(block_of(trees), row.pk) == alone

    compare()


def test_what_asks_for_a_time_is_asked_anew_and_what_cannot_be_read_is_met_by_nobody(question: Conversation) -> None:
    block = block_of([{"field": "waiting", "is": "older than", "value": 4}, {"field": "mood", "is": "bad"}, {}])
    assert rule_asking.met(block, question.pk) == {3}
    with clock.frozen(clock.now() + timedelta(hours=5)):
        assert rule_asking.met(block, question.pk) == {1, 3}
    assert rule_asking.met(block[1:2], question.pk) == set()
    assert rule_asking.met(block, question.pk + 1) == set()


def test_what_one_rule_does_is_what_a_later_one_of_its_block_asks_for(question: Conversation) -> None:
    seen = {"field": "label", "is": "in", "value": [labels.find_or_make("Seen").pk]}
    asked = [("Early", seen), ("Labels", {}), ("Late", seen), ("Not any more", {"not": seen})]
    for name, tree in asked:
        rules.write(name, triggers=["changed"], tree=tree, done=[LABEL], by=SYSTEM)
    assert rules.obey("changed", question.pk, because="event-1", actor=SYSTEM) == 2
    assert list(Firing.objects.order_by("pk").values_list("rule_name", flat=True)) == ["Labels", "Late"]


def test_the_statement_of_a_block_is_kept_while_its_rules_stay_what_they_are(question: Conversation) -> None:
    block = block_of([{"field": "priority", "is": "in", "value": [number % 4 + 1]} for number in range(50)])
    before = rule_asking._kept.cache_info()
    for _ in range(3):
        assert len(rule_asking.met(block, question.pk)) in (12, 13)
    after = rule_asking._kept.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 2)
