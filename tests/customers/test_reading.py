"""Reads show one person, whatever was merged."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.customers.actions import attributes, companies, consents, labels, merges
from regulars.customers.errors import NoSuchPurpose
from regulars.customers.models import Consent, Customer, Identity
from regulars.customers.selectors import addresses, cards, duplicates, listing, profiles, sorting, timelines
from regulars.customers.selectors.narrowing import Filters
from regulars.kernel.models import Fact
from regulars.kernel.money import Money
from tests.customers.cast import AT, INES, make_customer, record


def names(page: listing.Page) -> list[str]:
    return [row.name for row in page.rows]


def seen(customer: Customer, days_ago: int) -> None:
    Customer.objects.filter(pk=customer.pk).update(last_seen_at=datetime.now(UTC) - timedelta(days=days_ago))


class TestList:
    def test_last_seen_come_first_and_never_seen_last(self, ada: Customer, musa: Customer) -> None:
        make_customer("Jun")
        seen(ada, 5)
        seen(musa, 2)
        Customer.objects.update(known_at=AT)
        assert names(listing.page(Filters())) == ["Musa Traoré", "Ada Moreno", "Jun"]

    @pytest.mark.parametrize("sort", ["seen", "name", "newest"])
    @pytest.mark.django_db
    def test_pages_hold_everybody_once(self, sort: str) -> None:
        for number in range(7):
            customer = make_customer(f"Ada {number % 3}" if number < 5 else "", email=f"ada{number}@example.com")
            if number % 2:
                seen(customer, number)
        whole = [row.id for row in listing.page(Filters(), sort=sort).rows]
        after, walked = "", []
        for _ in range(10):
            page = listing.page(Filters(), sort=sort, after=after, limit=2)
            walked += [row.id for row in page.rows]
            if not (after := page.after):
                break
        assert walked == whole
        assert len(set(walked)) == 7

    def test_a_merged_customer_is_one_row_that_was_seen_when_either_was(self, ada: Customer, musa: Customer) -> None:
        jun = make_customer("Jun", email="jun@example.com")
        seen(ada, 9)
        seen(jun, 5)
        seen(musa, 1)
        merges.merge(ada.pk, musa.pk, by=INES)
        page = listing.page(Filters())
        assert (names(page), page.count) == (["Ada Moreno", "Jun"], 2)
        assert page.rows[0].last_seen_at == Customer.objects.get(pk=musa.pk).last_seen_at

    def test_each_filter_looks_at_everybody_merged(self, ada: Customer, musa: Customer) -> None:
        make_customer("Jun", email="jun@example.com")
        label = labels.put(musa.pk, "VIP", by=INES)
        company = companies.join(musa.pk, "Bean & Co")
        consents.give(musa.pk, "news", by=INES, source="phone")
        record(musa.pk, "Order Completed", total="10.00")
        seen(musa, 1)
        merges.merge(ada.pk, musa.pk, by=INES)
        for filters in (
            Filters(label=label.pk),
            Filters(company=company.pk),
            Filters(consent="news"),
            Filters(has_orders=True),
            Filters(seen_days=3),
            Filters(text="traore"),
        ):
            page = listing.page(filters)
            assert (names(page), page.count) == (["Ada Moreno"], 1), filters
        assert names(listing.page(Filters(has_orders=False))) == ["Jun"]
        assert len(names(listing.page(Filters(source=1)))) == 2
        assert names(listing.page(Filters(source=99))) == []

    def test_withdrawn_consent_counts_even_when_it_came_to_the_merged_one(self, ada: Customer, musa: Customer) -> None:
        consents.give(ada.pk, "news", by=INES, source="phone")
        consents.withdraw(musa.pk, "news", by=INES, source="mail")
        assert names(listing.page(Filters(consent="news"))) == ["Ada Moreno"]
        merges.merge(ada.pk, musa.pk, by=INES)
        assert names(listing.page(Filters(consent="news"))) == []

    def test_visitors_are_listed_apart(self, ada: Customer) -> None:
        visitor = make_customer("")
        assert names(listing.page(Filters())) == ["Ada Moreno"]
        assert [row.id for row in listing.page(Filters(who="visitors")).rows] == [visitor.pk]
        assert len(listing.page(Filters(who="all")).rows) == 2

    @pytest.mark.django_db
    def test_counting_stops_at_999(self) -> None:
        new = [Customer(name=f"Customer {number}", created_at=AT, known_at=AT) for number in range(1000)]
        Customer.objects.bulk_create(new)
        assert listing.page(Filters()).count is None
        Customer.objects.filter(name="Customer 0").delete()
        assert listing.page(Filters()).count == 999

    @pytest.mark.parametrize("after", ["x", "bnVsbA", "WyJub3QgYSBkYXRlIiwgMV0", "WzEsIDFd", "WyJcdTAwMDAiLCAxXQ"])
    @pytest.mark.parametrize("sort", ["seen", "name"])
    @pytest.mark.django_db
    def test_a_made_up_place_is_refused(self, after: str, sort: str) -> None:
        if (sort, after) == ("name", "WyJub3QgYSBkYXRlIiwgMV0"):
            return  # any text is a place among names
        with pytest.raises(sorting.NoSuchPage):
            listing.page(Filters(), sort=sort, after=after)

    def test_a_page_takes_as_many_queries_for_one_customer_as_for_many(self, ada: Customer) -> None:
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as captured:
                listing.page(Filters())
            return len(captured)

        few = queries()
        for number in range(20):
            labels.put(make_customer(f"Jun {number}").pk, "VIP", by=INES)
        assert (few, queries()) == (6, 6)


class TestProfile:
    def test_it_gathers_everything_of_everybody_merged(self, ada: Customer, musa: Customer) -> None:
        attributes.write(ada.pk, "plan", "gold")
        attributes.write(musa.pk, "plan", "silver")
        attributes.write(musa.pk, "city", "Bamako")
        labels.put(musa.pk, "VIP", by=INES)
        merges.merge(ada.pk, musa.pk, by=INES)
        profile = profiles.profile(musa.pk)
        assert (profile.id, profile.name) == (ada.pk, "Ada Moreno")
        assert [(one.name, one.value) for one in profile.attributes] == [("city", "Bamako"), ("plan", "gold")]
        assert [label.name for label in profile.labels] == ["VIP"]
        assert [(way.kind, way.value) for way in profile.identities] == [
            ("external", "u-1"),
            ("external", "u-2"),
            ("email", "ada@example.com"),
            ("email", "musa@example.com"),
        ]
        assert [merge.merged_name for merge in profile.merges] == ["Musa Traoré"]

    def test_money_is_added_per_currency_and_refunds_are_taken_off(self, ada: Customer, musa: Customer) -> None:
        record(ada.pk, "Order Completed", total="39.80", currency="EUR")
        record(ada.pk, "Order Completed", revenue=10, currency="eur")
        record(musa.pk, "Order Completed", total=5)
        record(ada.pk, "Order Completed", total=1500, currency="JPY")
        record(ada.pk, "Order Refunded", total="9.80", currency="EUR")
        record(ada.pk, "Order Refunded", total=-1, currency="EUR")
        merges.merge(ada.pk, musa.pk, by=INES)
        orders = profiles.profile(ada.pk).orders
        assert (orders.completed, orders.refunded, orders.unpriced) == (4, 2, 0)
        assert orders.spent == [Money(4400, "EUR"), Money(1500, "JPY")]
        musa.refresh_from_db()
        assert cards.card(musa).orders == orders

    def test_a_card_has_the_newest_of_a_page_less_what_is_said_elsewhere(self, ada: Customer, musa: Customer) -> None:
        for number in range(20):
            record(
                [ada, musa][number % 2].pk, "Song Played" if number < 18 else "Page Viewed", number=number, part=0.50
            )
        merges.merge(ada.pk, musa.pk, by=INES)
        musa.refresh_from_db()
        page = timelines.timeline([ada.pk, musa.pk]).facts
        found = cards.card(musa, but=["customers merged", "Page Viewed"], most=6).lately
        assert found == [fact for fact in page if fact.name == "Song Played"][:6]
        assert len(found) == 6
        assert cards.card(ada).lately == page

    def test_a_letter_goes_to_who_is_shown_else_to_the_first_address_of_any_of_them(
        self, ada: Customer, musa: Customer
    ) -> None:
        merges.merge(ada.pk, musa.pk, by=INES)
        own = [{"name": "Ada Moreno", "address": "ada@example.com"}]
        assert addresses.of(musa.pk) == addresses.of(ada.pk) == own
        Customer.objects.filter(pk=ada.pk).update(email="")
        Identity.objects.filter(customer=ada, kind="email").delete()
        assert addresses.of(ada.pk) == [{"name": "Ada Moreno", "address": "musa@example.com"}]
        Identity.objects.filter(customer=musa, kind="email").delete()
        assert addresses.of(musa.pk) == addresses.of(10**9) == []

    @pytest.mark.parametrize(
        "said", [{"total": "a lot"}, {"total": None}, {}, {"total": 5, "currency": "gold"}, {"total": []}]
    )
    def test_an_amount_that_cannot_be_read_is_counted_apart(self, ada: Customer, said: dict[str, Any]) -> None:
        record(ada.pk, "Order Completed", **said)
        orders = profiles.profile(ada.pk).orders
        assert (orders.completed, orders.spent, orders.unpriced) == (1, [], 1)

    def test_what_a_browser_says_is_no_revenue(self, ada: Customer) -> None:
        record(ada.pk, "Order Completed", total=5, is_trusted=False)
        assert profiles.profile(ada.pk).orders.completed == 0

    def test_the_last_word_on_a_purpose_counts(self, ada: Customer) -> None:
        consents.give(ada.pk, "news", by=INES, source="sign-up form", text_version="2026-01")
        consents.withdraw(ada.pk, "news", by=INES, source="phone")
        latest = {one.purpose: one.latest for one in profiles.profile(ada.pk).consents}
        assert latest["sales"] is None
        assert latest["news"] is not None
        assert (latest["news"].is_given, latest["news"].source) == (False, "phone")
        assert Consent.objects.count() == 2
        assert list(Fact.objects.order_by("id").values_list("name", "properties")) == [
            ("consent given", {"purpose": "news", "source": "sign-up form", "text": "2026-01"}),
            ("consent withdrawn", {"purpose": "news", "source": "phone"}),
        ]

    def test_consent_for_an_unknown_purpose_is_refused(self, ada: Customer) -> None:
        with pytest.raises(NoSuchPurpose):
            consents.give(ada.pk, "anything", by=INES, source="phone")
        assert (Consent.objects.count(), Fact.objects.count()) == (0, 0)

    def test_a_label_is_put_on_once_and_taken_off_wherever_it_came_to(self, ada: Customer, musa: Customer) -> None:
        labels.put(musa.pk, "VIP", by=INES)
        merges.merge(ada.pk, musa.pk, by=INES)
        label = labels.put(ada.pk, "vip", by=INES)
        assert Fact.objects.filter(name="label added").count() == 1
        labels.take_off(ada.pk, label.pk, by=INES)
        assert profiles.profile(ada.pk).labels == []
        assert Fact.objects.get(name="label removed").customer_id == ada.pk


class TestTimeline:
    def test_pages_hold_every_fact_once_newest_first(self, ada: Customer, musa: Customer) -> None:
        for hour in range(5):
            record(ada.pk, "Page Viewed", at=AT + timedelta(hours=hour), number=hour)
            record(musa.pk, "Page Viewed", at=AT + timedelta(hours=hour), number=hour)
        after, walked = "", []
        while True:
            page = timelines.timeline([ada.pk, musa.pk], after=after, limit=3)
            walked += page.facts
            if not (after := page.after):
                break
        assert len({fact.id for fact in walked}) == len(walked) == 10
        assert [fact.properties["number"] for fact in walked] == [4, 4, 3, 3, 2, 2, 1, 1, 0, 0]

    def test_a_kind_narrows_it(self, ada: Customer) -> None:
        record(ada.pk, "Page Viewed")
        record(ada.pk, "Order Completed", total=1)
        record(ada.pk, "Song Played")
        labels.put(ada.pk, "VIP", by=INES)

        def of(kind: str) -> list[str]:
            return sorted(fact.name for fact in timelines.timeline([ada.pk], kind=kind).facts)

        assert of("orders") == ["Order Completed"]
        assert of("visits") == ["Page Viewed"]
        assert of("ours") == ["label added"]
        assert of("other") == ["Song Played"]
        assert len(of("")) == 4

    @pytest.mark.parametrize("after", ["x", "2026-01-01~1~2~3", "2026-01-01T00:00:00+00:00~1~2~99999999999999999999"])
    @pytest.mark.django_db
    def test_a_made_up_place_is_refused(self, after: str) -> None:
        with pytest.raises(timelines.NoSuchPlace):
            timelines.timeline([1], after=after)


class TestDuplicates:
    def test_the_same_name_or_nearly_the_same_address_is_suspected(self, musa: Customer) -> None:
        ada = make_customer("Ada Moreno", email="adamoreno@example.com")
        namesake = make_customer("ADA  MORENÓ", email="other@example.org")
        dotted = make_customer("A. M.", email="ada.moreno+shop@example.com")
        slip = make_customer("", email="adamorena@example.com")
        assert [(one.customer, one.reason) for one in duplicates.suspected(ada.pk)] == [
            (dotted, "email"),
            (slip, "email"),
            (namesake, "name"),
        ]
        assert [one.customer.pk for one in duplicates.suspected(musa.pk)] == []

    def test_a_namesake_at_another_company_is_somebody_else(self, ada: Customer) -> None:
        other = make_customer("Ada Moreno", email="elsewhere@example.org")
        companies.join(ada.pk, "Bean & Co")
        companies.join(other.pk, "Leaf & Co")
        assert duplicates.suspected(ada.pk) == []

    def test_whoever_was_merged_is_suspected_no_more(self, ada: Customer) -> None:
        other = make_customer("Ada Moreno", email="elsewhere@example.org")
        assert [one.customer for one in duplicates.suspected(ada.pk)] == [other]
        merges.merge(ada.pk, other.pk, by=INES)
        assert duplicates.suspected(ada.pk) == []
