"""The tutorial runs from top to bottom and says what it promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

TUTORIAL = Path(__file__).resolve().parents[1] / "docs" / "tutorial.ipynb"


@pytest.fixture(scope="module")
def executed() -> Any:
    for package in ("ipykernel", "nbclient", "nbformat"):
        pytest.importorskip(package, reason=f"the tutorial is executed with {package}, which is not installed")
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(TUTORIAL, as_version=4)
    NotebookClient(notebook, timeout=180, kernel_name="python3").execute(cwd=str(TUTORIAL.parent))
    return notebook


def outputs(notebook: Any, holding: str) -> list[Any]:
    return [
        output
        for cell in notebook.cells
        if cell.cell_type == "code" and holding in cell.source
        for output in cell.outputs
        if output.get("name") != "stderr"
    ]


def test_every_cell_runs_and_the_hand_worked_shares_come_out(executed: Any) -> None:
    found = outputs(executed, "hand_worked")[0]["data"]["text/plain"]
    assert "'full': (0.2, 0.0)" in found and "'rolling': (0.6, 0.4)" in found


def test_every_chart_is_a_picture(executed: Any) -> None:
    drawn = [output for output in outputs(executed, "chart(") if "data" in output]
    assert len(drawn) == 4
    assert all(output["data"]["image/svg+xml"].startswith("<svg") for output in drawn)


def test_the_stored_figures_are_the_ones_it_computes(executed: Any) -> None:
    import nbformat

    stored = nbformat.read(TUTORIAL, as_version=4)
    for holding in ('answer.curve("classic")', "repeat_purchase_rate", "tenure.reduce"):
        assert _text(outputs(stored, holding)) == _text(outputs(executed, holding))


def _text(found: list[Any]) -> list[str]:
    return [output.get("text") or output["data"]["text/plain"] for output in found]
