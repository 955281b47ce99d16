"""What a customer is called where nobody said a name, the same on every page."""

import io
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.accounts.models import Agent
from regulars.customers.actions import merges
from regulars.customers.models import Customer
from regulars.customers.selectors import families, listing, naming, profiles
from regulars.customers.selectors.narrowing import Filters
from tests.customers.cast import AT, INES, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Client:
    client = Client()
    agent = Agent.objects.create_user("owner@shop.example", None, name="Owner", role="owner")
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(answer: Any) -> str:
    return answer.content.decode()


def test_a_name_goes_before_addresses_and_they_before_the_companys_id() -> None:
    customer = make_customer("Ada Moreno", email="ada@example.com", external="17850", phone="+34600111222")
    seen = []
    for field in ("name", "email", "phone", ""):
        seen.append(naming.name([customer]))
        if field:
            setattr(customer, field, "")
    assert seen == ["Ada Moreno", "ada@example.com", "+34600111222", "17850"]


def test_only_those_without_any_id_are_called_by_our_number() -> None:
    known = Customer.objects.create(created_at=AT, known_at=AT)
    visitor = Customer.objects.create(created_at=AT)
    assert naming.name([known]) == f"Customer #{known.pk}"
    assert naming.name([visitor]) == f"Visitor #{visitor.pk}"


def test_of_several_ids_the_first_is_shown_and_the_shown_customers_goes_before_a_merged_ones() -> None:
    kept, merged = make_customer(external="17850"), make_customer(external="100")
    merges.merge(kept.pk, merged.pk, by=INES)
    assert profiles.profile(merged.pk).name == "17850"
    assert [one.merged_name for one in profiles.profile(kept.pk).merges] == ["100"]
    Customer.objects.filter(pk=merged.pk).update(phone="+34600111222")
    assert naming.name(families.family(kept.pk).members) == "+34600111222"


def test_every_page_says_the_same(owner: Client) -> None:
    customer, other = make_customer(external="17850"), make_customer("Musa Traoré", email="musa@example.com")
    pages = [
        "/", "/customers/", f"/customers/{customer.pk}/", f"/customers/{customer.pk}/timeline/",
        "/customers/search/?q=17850", f"/customers/{customer.pk}/merge/", f"/customers/{customer.pk}/erasure/",
        f"/customers/{other.pk}/merge/?q=17850", f"/customers/{other.pk}/merge/?with={customer.pk}",
    ]  # fmt: skip
    for page in pages:
        shown = text(owner.get(page))
        assert ">17850<" in shown or "17850 " in shown or "“17850”" in shown, page
        assert f"Customer #{customer.pk}" not in shown, page
    found = owner.get("/customers/search/", {"q": "17850"}, headers={"Accept": "application/json"}).json()
    assert found == {"customers": [{"name": "17850", "detail": "", "url": f"/customers/{customer.pk}/"}]}


def test_the_export_is_named_after_them_too(owner: Client) -> None:
    customer = make_customer(external="17850")
    answer: Any = owner.post(f"/customers/{customer.pk}/export/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "What is kept about 17850</title>" in archive.read("customer.html").decode()


def test_what_the_page_asks_to_type_erases_them(owner: Client) -> None:
    customer = make_customer(external="17850")
    assert owner.post(f"/customers/{customer.pk}/erasure/", {"name": f"#{customer.pk}"}).status_code == 422
    assert Customer.objects.filter(pk=customer.pk).exists()
    assert owner.post(f"/customers/{customer.pk}/erasure/", {"name": "17850"}).status_code == 302
    assert not Customer.objects.filter(pk=customer.pk).exists()


def test_a_page_of_the_list_asks_once_more_however_many_are_nameless() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            listing.page(Filters())
        return len(captured)

    make_customer("Ada Moreno", external="1")
    named = queries()
    for number in range(20):
        make_customer(external=f"17{number}")
    assert (named, queries()) == (6, 7)
