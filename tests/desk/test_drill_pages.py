"""What is behind a number is walked page by page, there and back, and nothing is left out or seen twice."""

from datetime import UTC, date, datetime

import pytest

from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.actions import episodes
from regulars.desk.models import Episode
from regulars.desk.selectors import numbers
from regulars.kernel import clock
from tests.desk.cast import ask

pytestmark = pytest.mark.django_db
MARCH = numbers.Question(since=date(2026, 3, 1), until=date(2026, 4, 1), zone="UTC")
LASTED = (60.0, None, 60.0, 7.25, None, 60.0, 0.1)  # of two episodes that took equally long neither is lost


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_pages_there_and_back_are_the_whole(ada: Customer, mailbox: Channel, most: int) -> None:
    with clock.frozen(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        held = [ask(ada.pk, mailbox).pk for _ in LASTED]
    episodes.refold(held)
    for pk, seconds in zip(held, LASTED, strict=True):
        Episode.objects.filter(conversation=pk).update(bot_seconds=9, bot_business_seconds=seconds)
    drill = numbers.drill(MARCH, "bot")
    whole = list(drill.every())
    assert [row.seconds for row in whole] == [60.0, 60.0, 60.0, 7.25, 0.1, None, None]
    pages = [drill.page(most=most)]
    while pages[-1].next:
        pages.append(drill.page(after=numbers.Place.read(pages[-1].next.text), most=most))
    assert [row for page in pages for row in page.rows] == whole
    assert {page.n for page in pages} == {7}
    back = [pages[-1]]
    while back[-1].back:
        back.append(drill.page(before=numbers.Place.read(back[-1].back.text), most=most))
    assert back[::-1] == pages
