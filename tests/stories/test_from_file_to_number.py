"""The whole way: Ines signs in, brings a real file in, and reads a number that the library computes too."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, expect

import tenure
from regulars.insights.mirror.names import CONSUMER
from regulars.kernel import page_settings, tail
from regulars.kernel.actors import SYSTEM
from regulars.kernel.models import Fact
from tests.stories.conftest import PASSWORD
from tests.stories.working import work

pc: Any = pyarrow.compute
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_number_on_the_page_is_what_the_library_says_of_the_file(page: Page, ines: Any, shared_data: Path) -> None:
    for name, value in (("time_zone", "Europe/London"), ("currency", "GBP")):
        page_settings.change(name, value, by=SYSTEM)
    _sign_in(page)
    _import(page, shared_data / "online_retail" / "online_retail.parquet")
    assert Fact.objects.filter(name="Order Completed").count() == 18_532
    tail.catch_up(CONSUMER)

    page.goto("/retention/?as_of=2011-12-01&cohort=2010-12-01&n=11")
    expected = _from_the_file(shared_data / "online_retail" / "online_retail.parquet")
    for kind in tenure.KINDS:
        assert _shown(page, kind) == round(100 * expected[kind], 1)
    assert [_shown(page, kind) for kind in tenure.KINDS] == [6.1, 50.3, 50.3, 86.0, 67.1]
    expect(page.locator(".again .stat").first).to_contain_text("65.58")
    expect(page.locator(".again .stat").first).to_contain_text("2,845 of 4,338 customers")


def _sign_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Email").fill("ines@shop.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Ines")).to_be_visible()


def _import(page: Page, path: Path) -> None:
    page.goto("/import/")
    page.get_by_label("The file", exact=True).set_input_files(path)
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("button", name="See what importing it would do").click()
    expect(page.get_by_text("Reading the whole file")).to_be_visible()
    work()
    expect(page.get_by_role("heading", name="What importing it would do")).to_be_visible()
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_text("Importing orders, batch by batch")).to_be_visible()
    work()
    expect(page.get_by_role("heading", name="What came of it")).to_be_visible()


def _from_the_file(path: Path) -> dict[str, float]:
    """The December 2010 cohort at month 11, straight from the cleaned file, by another way than the product's."""
    lines = pq.read_table(path)
    sold = pc.and_(pc.greater(lines["Quantity"], 0), pc.greater(lines["UnitPrice"], 0))
    known = pc.and_(
        pc.is_valid(lines["CustomerID"]), pc.invert(pc.starts_with(pc.cast(lines["InvoiceNo"], "string"), "C"))
    )
    clean = lines.filter(pc.and_(sold, known))
    answer = tenure.retention(
        clean, customer="CustomerID", time="InvoiceDate", period="month", zone="Europe/London", as_of=date(2011, 12, 1),
        since=date(2010, 12, 1), until=date(2011, 1, 1), periods=12,
    )  # fmt: skip
    return {kind: float(answer.curve(kind).rate[11]) for kind in answer.kinds}


def _shown(page: Page, kind: str) -> float:
    text = page.locator(f"[data-kind={kind}] .value").text_content() or ""
    return float(text.split("\N{NARROW NO-BREAK SPACE}")[0])
