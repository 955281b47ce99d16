"""Whatever the library hands back can be tabulated, shown in a notebook, drawn and named; nobody is forgotten."""

from __future__ import annotations

import dataclasses
from importlib import import_module
from typing import Any

import pytest

from tenure import effect, risk
from tenure.risk.looking import Landmark
from tenure.risk.watching import Shift

AREAS = ("", "survival", "lifecycle", "revenue", "value", "risk", "effect", "engines")
# What answers are made of and what questions are asked with: no answers of their own.
PARTS = {
    "Allocation", "Cells", "Comparison", "Condition", "Curve", "Days", "Definition", "Estimate", "Guard",
    "HindsightLine", "Limits", "Measured", "NegativeControl", "Question", "Reason", "RevenueLine", "Share",
    "SurvivalCurve", "Threshold", "effect.Worth",
}  # fmt: skip
NO_PICTURE = {"Rows", "Plan"}  # a table of columns to learn from; one sentence


def offered() -> dict[str, type]:
    """Every public dataclass by its area and name."""
    found = {}
    for area in AREAS:
        module = import_module(f"tenure.{area}".rstrip("."))
        pairs = {f"{area}.{name}".lstrip("."): getattr(module, name) for name in getattr(module, "__all__", ())}
        found |= {name: it for name, it in pairs.items() if isinstance(it, type) and dataclasses.is_dataclass(it)}
    return found


def has_own(kind: type, name: str) -> bool:
    return any(name in vars(base) for base in kind.__mro__[:-1])


@pytest.mark.parametrize("name", [name for name in offered() if not {name, name.split(".")[-1]} & PARTS])
def test_every_answer_is_frozen_and_has_a_table_a_page_a_picture_and_a_name(name: str) -> None:
    kind = offered()[name]
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]  # every dataclass has them
    assert has_own(kind, "table") and has_own(kind, "_repr_html_")
    assert has_own(kind, "chart") or kind.__name__ in NO_PICTURE
    assert "dataclass" not in repr(kind.__repr__) and not kind.__repr__.__qualname__.startswith("__create_fn__")
    assert kind.__repr__.__module__.startswith("tenure")


def test_parts_are_named_and_there() -> None:
    names = set(offered()) | {name.split(".")[-1] for name in offered()}
    assert names >= PARTS


def drawn(answer: Any) -> tuple[Any, list[list[dict[str, Any]]]]:
    """The title, and the rows of each layer."""
    pytest.importorskip("altair", reason="charts need the extra tenure[chart]")
    spec = answer.chart().to_dict()
    named = [layer.get("data", spec.get("data"))["name"] for layer in spec["layer"]]
    return spec["title"], [spec["datasets"][name] for name in named]


def test_arms_are_drawn_beside_what_they_were_meant_to_be() -> None:
    test = effect.sample_ratio({"treated": 700, "held <out>": 300})
    assert repr(test) == f"<RatioTest: {test.sentence}>"
    assert "<td>held &lt;out&gt;</td><td>300</td><td>500</td>" in test._repr_html_()
    title, (bars, ticks) = drawn(test)
    assert bars[1] == ticks[1] == {"arm": "held <out>", "count": 300, "expected": 500.0}
    assert " ".join(title["subtitle"]) == test.sentence


def test_what_has_shifted_is_drawn_with_its_limits() -> None:
    found = risk.Drift((Shift("orders", 0.31, 0.02, "alarm"), Shift("days", 0.01, 0.02, "stable")), 400, ("!",))
    _, (bars, limits) = drawn(found)
    assert [(row["column"], row["verdict"]) for row in bars] == [("orders", "alarm"), ("days", "stable")]
    assert [row["at"] for row in limits] == [0.1, 0.25]


def test_landmarks_are_a_table_and_a_picture_of_who_left() -> None:
    schedule = (Landmark("2026-01-01", "train", 200, 50), Landmark("2026-03-01", "test", 100, 20))
    nothing: dict[str, Any] = {field.name: () for field in dataclasses.fields(risk.Landmarks)}
    world = risk.Landmarks(**nothing | {"schedule": schedule, "as_of": "2026-06-01", "notes": ("few",)})
    assert world.table().to_pylist()[1] == {"at": "2026-03-01", "part": "test", "customers": 100, "left": 20}
    assert "<td>2026-01-01</td><td>train</td><td>200</td><td>50</td>" in world._repr_html_()
    assert "<li>few</li>" in world._repr_html_()
    rows = drawn(world)[1][0]
    assert [(row["part"], row["left"]) for row in rows] == [("train", 0.25), ("test", 0.2)]
    assert all(row["low"] < row["left"] < row["high"] for row in rows)
