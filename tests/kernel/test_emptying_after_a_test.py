"""The tests' own emptying, which must not fall over a page that is still being answered when its test ends."""

import threading

import pytest
from django.db import connection
from django.test import TransactionTestCase

from regulars.kernel import clock
from regulars.kernel.models import PageSetting


@pytest.mark.django_db(transaction=True)
def test_emptying_gives_way_to_who_holds_one_table_and_wants_another() -> None:
    PageSetting.objects.create(name="time_zone", value="UTC", changed_at=clock.now())
    late = connection.copy()
    try:
        late.set_autocommit(False)
        with late.cursor() as page:
            page.execute("SELECT count(*) FROM kernel_source")
            emptying = threading.Thread(target=_empty)
            emptying.start()
            emptying.join(0.3)
            assert emptying.is_alive()
            page.execute("SELECT count(*) FROM accounts_agent")
            assert page.fetchone() == (0,)
    finally:
        late.close()
    emptying.join(30)
    assert not PageSetting.objects.exists()


def _empty() -> None:
    try:
        TransactionTestCase._fixture_teardown(None)  # type: ignore[arg-type, attr-defined]  # ours takes no case
    finally:
        connection.close()
