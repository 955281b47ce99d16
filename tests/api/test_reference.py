"""The reference of the API is what the code says."""

from regulars.api.reference import PAGE, written


def test_the_page_is_written_from_the_code() -> None:
    assert PAGE.read_text("utf-8") == written(), "run `python -m regulars.api.reference` and commit the page"
