# ruff: noqa: T201
# Run by test_wheel.py with the extras models and chart.
import tenure
from tenure import datasets, effect, risk

world = risk.landmarks(
    datasets.bookshop(6_000, seed=4), customer="customer", time="time", as_of="2025-12-01", horizon_days=60,
    gap_days=14, active_days=90, noun="order",
)  # fmt: skip
model = risk.fit(world, resamples=50)
assert "the simplest that is not beaten" in model.card.because
assert len(model.score(world.now).table()) > 100
print("risk")

order = effect.who_to_treat(
    datasets.win_back(), customer="customer", arm="arm", control="held out", outcome="retained",
    covariates=["plan", "orders_before"], model="linear",
)  # fmt: skip
assert order.answer == "in order"
print("uplift")

drawn = tenure.retention(datasets.hand_worked(), period="day", periods=2).chart()
assert drawn.to_dict()["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
print("chart")
