# ruff: noqa: T201
# Run by test_wheel.py with the wheel and its declared dependencies, no extras: each area answers as its page says.
import sys

import numpy as np

import tenure
from tenure import datasets, effect, risk, value
from tenure.errors import TenureError
from tenure.lifecycle import lifecycle
from tenure.revenue import revenue_retention_of

orders = datasets.bookshop(300)
kept = tenure.retention(datasets.hand_worked(), period="day", periods=2)
assert kept.table().num_rows > 0 and "<table" in kept._repr_html_()
print("retention")

customers = datasets.subscriptions(3_000, seed=1)
stay = tenure.kaplan_meier(customers, duration="months", event="left", by="plan")
assert round(stay["basic"].median, 1) == 4.2
print("survival")

assert "<table" in lifecycle(orders)._repr_html_()
print("lifecycle")

money = revenue_retention_of(
    [400, 1_600, 3_000, 5_000], [0, 1_500, 3_800, 5_000], account=["Ada", "Musa", "Ines", "Bo"]
).line
assert round(money.gross_retention.value, 4) == 0.95 and round(money.net_retention.value, 4) == 1.03
print("revenue")

histories = value.summarise(orders, customer="customer", time="time", observed_until="2025-12-30")
worth = value.worth(histories, purchases=value.bg_nbd(histories), spend=20.0, margin=0.3)
assert len(worth) == 300 and np.isfinite(worth.total) and worth.total_low < worth.total < worth.total_high
print("value")

arms = {"customer": "customer", "arm": "arm", "control": "held out", "outcome": "retained"}
plain = effect.experiment(datasets.win_back(), **arms).comparison.plain
assert plain.low <= 0.074 <= plain.high
print("effect")

world = risk.landmarks(
    datasets.bookshop(2_000), customer="customer", time="time", as_of="2025-12-01", horizon_days=60, gap_days=14
)
try:
    risk.fit(world)
except TenureError as refused:
    assert 'pip install "tenure[models]"' in str(refused), refused
    print("risk asks for tenure[models]")

try:
    kept.chart()
except (TenureError, ImportError) as refused:
    assert "tenure[chart]" in str(refused), refused
    print("charts ask for tenure[chart]")

assert not {"django", "regulars", "sklearn", "altair", "pandas"} & {name.partition(".")[0] for name in sys.modules}
print("nothing of the product")
