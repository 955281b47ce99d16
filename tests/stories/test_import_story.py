"""Bringing a file in through the page, in a real browser, with a worker's job in between."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from regulars.kernel.models import Fact
from tests.stories.browser import look
from tests.stories.working import work

pytestmark = pytest.mark.django_db(transaction=True)

HEADING = "Order number,Kunde,Order date,SKU,Quantity,Unit price,Country\n"
ROWS = "".join(f"{number},c{number % 40},{number % 12 + 1:02d}/05/2026,sku-{number % 9},{number % 3 + 1},2.50,NL\n"
               for number in range(1, 301))  # fmt: skip
BROKEN = "301,,01/05/2026,a,1,2,NL\n302,c1,01/05/2999,=2+2,1,2,NL\n303,c1\n"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "spring orders.csv"
    path.write_text(HEADING + ROWS + BROKEN)
    return path


def test_a_file_is_chosen_looked_at_imported_and_its_report_read(signed_in: Page, orders: Path) -> None:
    page = signed_in
    page.goto("/import/")
    expect(page.get_by_text("Nothing imported yet")).to_be_visible()
    look(page, "import-empty")
    page.get_by_label("The file", exact=True).set_input_files(orders)
    page.get_by_role("button", name="Look at the file").click()

    expect(page.get_by_role("heading", name="What the columns mean")).to_be_visible()
    expect(page.get_by_label("What Kunde means")).to_have_value("customer")
    expect(page.get_by_label("What Order date means")).to_have_value("time")
    look(page, "import-columns")
    page.get_by_role("button", name="See what importing it would do").click()
    expect(page.get_by_text("Reading the whole file")).to_be_visible()
    look(page, "import-reading")
    work()

    expect(page.get_by_text("is the day first, or the month?")).to_be_visible()
    assert Fact.objects.count() == 0
    page.get_by_label("Order of dates").select_option("dmy")
    page.get_by_role("button", name="See what importing it would do").click()
    work()

    expect(page.get_by_role("heading", name="What importing it would do")).to_be_visible()
    expect(page.locator(".stat", has_text="Orders")).to_contain_text("300")
    expect(page.locator(".stat", has_text="New customers")).to_contain_text("40")
    expect(page.get_by_text("3 rows are left out")).to_be_visible()
    look(page, "import-would")
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_text("Importing orders, batch by batch")).to_be_visible()
    work()

    expect(page.get_by_role("heading", name="What came of it")).to_be_visible()
    expect(page.locator(".stat", has_text="New in the log")).to_contain_text("300")
    look(page, "import-report")
    assert Fact.objects.filter(name="Order Completed").count() == 300

    with page.expect_download() as arriving:
        page.get_by_role("link", name="Download these rows").click()
    with arriving.value.path().open(newline="") as file:
        rows = list(csv.reader(file))
    assert sorted(row[0] for row in rows[1:]) == ["302", "303", "304"]
    assert "'=2+2" in next(row for row in rows if row[0] == "303")

    page.goto("/import/")
    expect(page.get_by_role("row", name="spring orders.csv")).to_contain_text("done")
    look(page, "import-history")


def test_a_file_that_is_no_table_is_refused_on_the_page(signed_in: Page, tmp_path: Path) -> None:
    path = tmp_path / "page.csv"
    path.write_text("<!DOCTYPE html><p>not a table</p>")
    signed_in.goto("/import/")
    signed_in.get_by_label("The file", exact=True).set_input_files(path)
    signed_in.get_by_role("button", name="Look at the file").click()
    expect(signed_in.get_by_text("This is a page or a document, not a table.")).to_be_visible()
    expect(signed_in.get_by_text("Nothing imported yet")).to_be_visible()
