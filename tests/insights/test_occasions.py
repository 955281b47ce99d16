"""What is heavy is loaded where there is something to do, and a house that only answers mail never loads it."""

import subprocess
import sys
from datetime import timedelta

import pytest

from regulars.insights import occasions
from regulars.insights.mirror.names import CONSUMER
from regulars.insights.models import ScoreRun
from regulars.kernel import clock, facts, tail
from regulars.kernel.fact_names import MESSAGE_RECEIVED
from tests.insights.shop import NOW, happened, known, order

HEAVY = ("pyarrow", "duckdb", "numba", "scipy", "tenure", "altair")

pytestmark = pytest.mark.django_db(transaction=True)


def test_conversations_alone_are_nothing_to_reduce_or_to_learn_from() -> None:
    (who,) = known(1)
    happened([facts.NewFact(who, MESSAGE_RECEIVED, NOW, "said", {})])
    assert not occasions.is_asked_about()
    assert not occasions.is_to_learn()
    assert not occasions.is_to_score()


def test_an_order_is_something_to_reduce_and_to_learn_from_and_then_only_a_newer_fact_is() -> None:
    (who,) = known(1)
    happened([order(who, NOW)])
    assert occasions.is_asked_about()
    assert occasions.is_to_score()
    _learnt(model={"kept": 1})
    assert not occasions.is_to_score()
    happened([order(who, NOW + timedelta(days=1))])
    assert occasions.is_to_score()


def test_where_nothing_could_be_learnt_the_night_tries_again_and_the_day_does_not() -> None:
    (who,) = known(1)
    happened([order(who, NOW)])
    _learnt(refusal="There are too few.")
    happened([order(who, NOW + timedelta(days=1))])
    assert (occasions.is_to_score(), occasions.is_to_learn()) == (False, True)


def test_a_process_that_lists_the_jobs_has_loaded_nothing_heavy() -> None:
    """Every process does, to queue its first one: the door for mail and each command as well."""
    script = (
        "import sys; from regulars.kernel import starting; starting.set_django_up();"
        "from procrastinate.contrib.django import app; app.perform_import_paths();"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def _learnt(**found: object) -> None:
    epoch, tx, fact_id = tail.position(CONSUMER)
    ScoreRun.objects.create(kind="risk", as_of=clock.now(), epoch=epoch, tx=tx, fact_id=fact_id, **found)
