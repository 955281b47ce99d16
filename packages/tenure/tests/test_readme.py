"""Every example of the README runs as it stands, on files with the columns it names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import tenure
from tenure import datasets

README = Path(__file__).resolve().parents[1] / "README.md"


def examples() -> dict[str, list[str]]:
    """Heading and the examples below it."""
    sections = re.split(r"^#+ (.*)$", README.read_text("utf-8"), flags=re.MULTILINE)[1:]
    found = {
        heading: re.findall(r"^```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
        for heading, text in zip(sections[::2], sections[1::2], strict=True)
    }
    return {heading: blocks for heading, blocks in found.items() if blocks}


@pytest.fixture(scope="module")
def facts() -> pa.Table:
    """Orders as facts: with a name, when they became known, and an amount; customer 1042 ordered last of all."""
    orders = datasets.bookshop(6_000, seed=4)
    count, who = len(orders), orders["customer"].to_numpy()
    last = who[orders["time"].to_numpy().argmax()]
    swapped = np.where(who == last, 1042, np.where(who == 1042, last, who))
    return (
        orders.set_column(orders.schema.get_field_index("customer"), "customer", pa.array(swapped))
        .append_column("name", pa.array(["Order Completed"] * count))
        .append_column("recorded_at", orders["time"])
        .append_column("paid", pa.array(np.random.default_rng(1).gamma(4.0, 8.0, count)))
    )


@pytest.fixture
def here(facts: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the files that the examples name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts").mkdir()
    earlier = facts["time"].to_numpy() - np.timedelta64(14 * 365, "D")  # the first example asks about 2011
    shop = facts.set_column(facts.schema.get_field_index("time"), "time", pa.array(earlier))
    pq.write_table(shop.rename_columns({"customer": "customer_id", "time": "ordered_at"}), "orders.parquet")
    pq.write_table(datasets.subscriptions(), "contracts.parquet")
    pq.write_table(facts.select(["customer", "time", "name"]), "facts/first.parquet")
    pq.write_table(datasets.win_back(), "holdout.parquet")
    pq.write_table(datasets.help_desk()[0], "conversations.parquet")


@pytest.mark.parametrize("heading", examples())
def test_every_example_runs(heading: str, here: None, facts: pa.Table) -> None:
    if "engines" in "".join(examples()[heading]):
        pytest.importorskip("ibis", reason="the engines need the extra tenure[engines]")
    names: dict[str, Any] = {"tenure": tenure, "facts": facts}
    names["customers"] = names["new_customers"] = facts["customer"].to_numpy()
    names["times"] = names["new_times"] = facts["time"].to_numpy()
    for example in examples()[heading]:
        exec(compile(example, heading, "exec"), names)


def test_it_has_an_example_for_every_area() -> None:
    said = "".join(block for blocks in examples().values() for block in blocks)
    for area in ("effect", "risk", "value", "engines", "survival"):
        assert f"from tenure import {area}" in said, area
    assert "tenure.retention(" in said


def test_every_page_it_names_is_there() -> None:
    named = re.findall(r"\]\((docs/[^)#]+)\)", README.read_text("utf-8"))
    assert named and [name for name in named if not (README.parent / name).exists()] == []


def test_the_list_of_pages_names_every_page() -> None:
    docs = README.parent / "docs"
    named = set(re.findall(r"\]\(([\w-]+\.(?:md|ipynb))\)", (docs / "README.md").read_text("utf-8")))
    assert named == {page.name for page in docs.iterdir() if page.suffix in (".md", ".ipynb")} - {"README.md"}
