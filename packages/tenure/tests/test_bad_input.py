"""Everything public × everything odd: an answer without a silent NaN, or a refusal that says what to do; in time."""

from __future__ import annotations

import copy
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pytest

import tenure
from tenure import effect, lifecycle, revenue, risk, survival, value
from tenure.errors import TenureError

Table = dict[str, Any]

CUSTOMERS: Final = 460
DAY: Final = np.timedelta64(1, "D")
START: Final = np.datetime64("2024-01-01", "us")
END: Final = START + 700 * DAY


@cache
def sound(seed: int = 5) -> tuple[Table, Table]:
    """Customers who order at a rate of their own until they leave, in two arms and two plans."""
    rng = np.random.default_rng(seed)
    born, stay = rng.uniform(0, 500, CUSTOMERS), rng.exponential(250, CUSTOMERS)
    repeats = rng.poisson(6, CUSTOMERS) * (rng.random(CUSTOMERS) < 0.8)
    who = np.repeat(np.arange(CUSTOMERS), 1 + repeats)
    is_first = np.r_[True, who[1:] != who[:-1]]
    seen = np.minimum(stay, 700 - born)
    when = born[who] + np.where(is_first, 0, rng.uniform(0, 1, len(who)) * seen[who])
    facts = {
        "customer": who, "time": at(when), "recorded": at(when + 0.5), "amount": rng.gamma(3, 10, len(who)),
        "plan": np.where(who % 2, "plus", "basic"), "born": at(born)[who],
    }  # fmt: skip
    last = np.zeros(CUSTOMERS)
    np.maximum.at(last, who, when - born[who])
    treated, money = rng.random(CUSTOMERS) < 0.5, rng.gamma(2, 20, CUSTOMERS)
    outcome = rng.random(CUSTOMERS) < 0.3 + 0.2 * treated
    people = {
        "customer": np.arange(CUSTOMERS), "duration": seen, "event": stay < 700 - born,
        "renewed": (seen // 90).astype(int), "treated": treated, "arm": np.where(treated, "treated", "control"),
        "x": repeats, "t": np.where(repeats > 0, last, 0.0) / 7, "age": (700 - born) / 7,
        "mean": np.where(repeats > 0, money, np.nan), "plan": np.where(money > 30, "plus", "basic"),
        "outcome": outcome, "money": money, "before": rng.normal(size=CUSTOMERS),
        "opened": at(born), "answered": at(born + rng.exponential(0.3, CUSTOMERS)), "ended": at(born + seen),
        "opening": rng.gamma(2, 50, CUSTOMERS), "closing": rng.gamma(2, 50, CUSTOMERS) * (rng.random(CUSTOMERS) < 0.9),
    }  # fmt: skip
    return facts, people


def at(days: Any) -> Any:
    return START + (np.asarray(days) * 86_400e6).astype("timedelta64[us]")


def not_numbers(facts: Table, people: Table) -> None:
    """A tenth of every number and time is missing."""
    rng = np.random.default_rng(1)
    for table in (facts, people):
        for name, values in table.items():
            if values.dtype.kind in "fM" and name != "mean":
                values[rng.random(len(values)) < 0.1] = np.nan if values.dtype.kind == "f" else np.datetime64("NaT")


def negative(facts: Table, people: Table) -> None:
    facts["amount"][3] = -5.0
    for name in ("duration", "t", "age", "opening", "renewed"):
        people[name][3] = -2


def one_purchase_each(facts: Table, people: Table) -> None:
    first = np.unique(facts["customer"], return_index=True)[1]
    facts.update({name: values[first] for name, values in facts.items()})
    people.update(x=np.zeros(CUSTOMERS, int), t=np.zeros(CUSTOMERS), mean=np.full(CUSTOMERS, np.nan))


def all_churned(facts: Table, people: Table) -> None:
    early = (facts["time"] - START) / DAY < 200
    facts.update({name: values[early] for name, values in facts.items()})
    people.update(event=np.ones(CUSTOMERS, bool), closing=np.zeros(CUSTOMERS), outcome=np.zeros(CUSTOMERS, bool))


def none_churned(facts: Table, people: Table) -> None:
    every = np.repeat(np.arange(CUSTOMERS), 100)
    days = np.tile(np.arange(100) * 7.0, CUSTOMERS)
    facts.update(
        customer=every, time=at(days), recorded=at(days), amount=np.full(len(every), 10.0),
        plan=np.where(every % 2, "plus", "basic"), born=at(np.zeros(len(every))),
    )  # fmt: skip
    people.update(event=np.zeros(CUSTOMERS, bool), closing=people["opening"], outcome=np.ones(CUSTOMERS, bool))


def one_class(facts: Table, people: Table) -> None:
    everybody = {"arm": "treated", "plan": "plus", "treated": True, "outcome": True, "event": True}
    people.update({name: np.full(CUSTOMERS, value) for name, value in everybody.items()})
    facts["plan"][:] = "plus"


def separation(facts: Table, people: Table) -> None:
    people["before"] = np.where(people["event"], 5.0, -5.0)
    people["treated"] = people["money"] > 30
    people["outcome"] = people["treated"]


def constant_columns(facts: Table, people: Table) -> None:
    facts["amount"][:] = 7.0
    for name in ("money", "before", "opening", "closing"):
        people[name][:] = 7.0
    people["mean"] = np.where(people["x"] > 0, 7.0, np.nan)


def times_before_birth(facts: Table, people: Table) -> None:
    facts["born"] = facts["born"] + 100 * DAY
    facts["recorded"] = facts["time"] - 30 * DAY
    people["t"], people["age"] = people["age"].copy(), people["t"].copy()
    people["answered"], people["ended"] = people["opened"] - DAY, people["opened"] - 2 * DAY


def duplicates(facts: Table, people: Table) -> None:
    for table in (facts, people):
        table.update({name: np.concatenate([values, values]) for name, values in table.items()})


def heavy_tails(facts: Table, people: Table) -> None:
    rng = np.random.default_rng(2)
    facts["amount"] = np.exp(rng.normal(0, 12, len(facts["amount"])))
    wild = np.exp(rng.normal(0, 8, CUSTOMERS))
    people.update(
        duration=wild, money=wild**2, before=wild / 1e9, opening=wild, closing=wild[::-1].copy(),
        x=np.minimum(rng.pareto(0.5, CUSTOMERS), 30_000).astype(int), mean=wild,
    )  # fmt: skip
    people["t"] = np.where(people["x"] > 0, people["age"] * rng.random(CUSTOMERS), 0.0)
    people["mean"] = np.where(people["x"] > 0, people["mean"], np.nan)


def endless(facts: Table, people: Table) -> None:
    facts["amount"][3] = np.inf
    for name in ("duration", "age", "money", "opening", "mean"):
        people[name][3] = np.inf


def nobody(facts: Table, people: Table) -> None:
    for table in (facts, people):
        table.update({name: values[:0] for name, values in table.items()})


def one_customer(facts: Table, people: Table) -> None:
    for table in (facts, people):
        table.update({name: values[table["customer"] == 7] for name, values in table.items() if name != "customer"})
        table["customer"] = np.full(len(next(iter(table[n] for n in table if n != "customer"))), 7)


def words(facts: Table, people: Table) -> None:
    facts["amount"] = np.full(len(facts["amount"]), "a lot")
    for name in ("duration", "x", "money", "opening", "renewed"):
        people[name] = np.full(len(people[name]), "many")


ODD: Final[tuple[Callable[[Table, Table], None], ...]] = (
    not_numbers, negative, one_purchase_each, all_churned, none_churned, one_class, separation, constant_columns,
    times_before_birth, duplicates, heavy_tails, endless, nobody, one_customer, words,
)  # fmt: skip

AS_OF: Final = "2025-12-01"
PEOPLE: Final = {"duration": "duration", "event": "event", "unit": "day"}
FACTS: Final = {"customer": "customer", "time": "time"}
TRIAL: Final = {"customer": "customer", "arm": "arm", "control": "control"}


def histories(people: Table) -> value.Histories:
    return value.read_histories(people, customer="customer", frequency="x", recency="t", age="age", mean_amount="mean")


def summarised(facts: Table) -> value.Histories:
    return value.summarise(facts, **FACTS, amount="amount", observed_until=END, opportunity="month")


def scored(fit: Callable[[Any], Any], people: Any) -> Any:
    return fit(people).score(people, within=26)


def worth(facts: Table) -> Any:
    people = summarised(facts)
    return value.worth(people, purchases=value.bg_nbd(people), spend=value.gamma_gamma(people), horizon=52)


def learnt(facts: Table) -> Any:
    seen = risk.landmarks(facts, **FACTS, recorded="recorded", amount="amount", as_of=END)
    return risk.fit(seen, resamples=50).score(seen.now)


def told_apart(people: Table) -> Any:
    columns = ("customer", "money", "before", "plan", "duration")
    table = {name: people[name] for name in (*columns, "outcome")}
    model = risk.fit_table(table, label="outcome", customer="customer", resamples=50)
    return model.score({name: people[name] for name in columns}, customer="customer")


# By name: what is asked of the facts and the people. Nothing public that reads data is left out.
ASKED: Final[dict[str, Callable[[Table, Table], Any]]] = {
    "retention": lambda f, p: tenure.retention(f, **FACTS, period="month", as_of=AS_OF, by="plan"),
    "retention by days since": lambda f, p: tenure.retention(f, **FACTS, period="30 days", window="personal"),
    "retention from a date": lambda f, p: tenure.retention(
        f, **FACTS, cohort="born_column", born="born", period="week"
    ),
    "retention of days": lambda f, p: tenure.retention_of(tenure.reduce(f["customer"], f["time"]), period="quarter"),
    "retention rate": lambda f, p: tenure.retention_rate(f, **FACTS, start="2024-06-01", end="2024-12-01"),
    "churn rate": lambda f, p: tenure.churn_rate(f, **FACTS, start="2024-06-01", end="2024-12-01"),
    "repeat purchase rate": lambda f, p: tenure.repeat_purchase_rate(f, **FACTS),
    "lifecycle": lambda f, p: lifecycle.lifecycle(f, **FACTS, as_of=AS_OF),
    "stickiness": lambda f, p: lifecycle.stickiness(f, **FACTS),
    "revenue": lambda f, p: revenue.revenue_retention(
        f, account="customer", time="time", amount="amount", plan="plan", interval="linear"
    ),
    "revenue of subscriptions": lambda f, p: revenue.subscription_revenue_retention(
        p, account="customer", began="opened", ended="ended", amount="opening", interval="linear"
    ),
    "revenue of pairs": lambda f, p: revenue.revenue_retention_of(p["opening"], p["closing"], account=p["customer"]),
    "survival": lambda f, p: survival.kaplan_meier(p, **PEOPLE, by="plan"),
    "log-rank": lambda f, p: survival.log_rank(p, **PEOPLE, by="plan"),
    "remaining lifetime": lambda f, p: survival.remaining_lifetime(p, **PEOPLE, by="plan"),
    "cox": lambda f, p: survival.cox(p, **PEOPLE, covariates=["money", "before", "plan"]),
    "bg/nbd": lambda f, p: scored(value.bg_nbd, histories(p)),
    "bg/nbd of orders": lambda f, p: scored(value.bg_nbd, summarised(f)),
    "pareto/nbd": lambda f, p: scored(value.pareto_nbd, histories(p)),
    "bg/bb": lambda f, p: scored(value.bg_bb, summarised(f)),
    "gamma-gamma": lambda f, p: value.gamma_gamma(histories(p)).score(histories(p)),
    "worth": lambda f, p: worth(f),
    "sbg": lambda f, p: value.sbg_of(renewed=p["renewed"], left=p["event"]),
    "risk from facts": lambda f, p: learnt(f),
    "risk from a table": lambda f, p: told_apart(p),
    "experiment": lambda f, p: effect.experiment(p, **TRIAL, outcome="outcome", covariates=["before", "money"]),
    "experiment on money": lambda f, p: effect.experiment(p, **TRIAL, outcome="money", covariates=["before"]),
    "watch": lambda f, p: effect.watch(p, **TRIAL, outcome="outcome", planned=300, first_look=20),
    "who to treat": lambda f, p: effect.who_to_treat(
        p, **TRIAL, outcome="outcome", covariates=["before"], model="linear", draws=20
    ),
    "observed": lambda f, p: effect.observed(
        p, treatment="treated", outcome="outcome", covariates=["money", "before", "plan"], splits=1, benchmarks=False
    ),
    "service": lambda f, p: effect.service_on_retention(
        p, customer="customer", opened_at="opened", answered_at="answered", within_hours=6, landmark_days=90,
        activity=f, activity_customer="customer", activity_time="time", ask={"splits": 1, "benchmarks": False},
    ),
}  # fmt: skip


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """An endless loop is interrupted, and the test fails."""

    def too_long(*_: Any) -> None:
        raise TimeoutError(f"no answer after {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def silent(table: pa.Table) -> list[str]:
    """Columns with a NaN: what is not known is null, or belongs to nobody at risk, or to a curve that ended at zero."""
    known = np.ones(len(table), bool)
    for name, gone in (("at_risk", 0), ("survival", 0.0), ("n", 0)):
        if name in table.column_names:
            known &= table[name].to_numpy() != gone
    floats = [name for name in table.column_names if pa.types.is_floating(table.schema.field(name).type)]
    return [name for name in floats if np.isnan(table[name].filter(known).drop_null().to_numpy()).any()]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.__name__)
@pytest.mark.parametrize("asked", ASKED)
def test_whatever_is_asked_of_whatever_there_is(asked: str, odd: Callable[[Table, Table], None]) -> None:
    if asked.startswith("risk") or asked == "who to treat":
        pytest.importorskip("sklearn", reason="learning needs the extra tenure[models]")
    facts, people = copy.deepcopy(sound())
    odd(facts, people)
    with warnings.catch_warnings(), in_time(60):
        warnings.simplefilter("error")
        try:
            answer = ASKED[asked](facts, people)
        except TenureError as refused:
            assert len(str(refused)) > 40 and "nan" not in str(refused).split()
            return
        assert not silent(answer.table())
        assert answer._repr_html_()


@pytest.mark.parametrize("asked", [asked for asked in ASKED if asked != "risk from facts"])
def test_what_is_sound_is_answered(asked: str) -> None:
    facts, people = copy.deepcopy(sound())
    assert len(ASKED[asked](facts, people).table())
