"""The pages about customers."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client

from regulars.accounts.models import Agent, AuditEntry
from regulars.customers.actions import attributes, labels, merges
from regulars.customers.actions import profiles as profiles_written
from regulars.customers.models import Consent, Customer
from regulars.customers.selectors import profiles
from tests.customers.cast import INES, make_customer, record

HTMX = {"HTTP_HX_REQUEST": "true"}


def client_of(role: str) -> Client:
    client = Client()
    agent = Agent.objects.create_user(f"{role}@shop.example", None, name=role.title(), role=role)
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def owner(db: None) -> Client:
    return client_of("owner")


def text(answer: Any) -> str:
    return answer.content.decode()


class TestWhoMaySee:
    @pytest.mark.parametrize("address", ["", "search/?q=ada", "{ada}/", "{ada}/timeline/", "{ada}/duplicates/"])
    def test_an_analyst_sees_no_customer(self, ada: Customer, address: str) -> None:
        answer = client_of("analyst").get("/customers/" + address.format(ada=ada.pk))
        assert answer.status_code == 403
        assert "Moreno" not in text(answer)

    def test_nobody_signed_out_sees_a_customer(self, ada: Customer) -> None:
        answer = Client().get(f"/customers/{ada.pk}/")
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/account/login/")

    @pytest.mark.parametrize(
        ("role", "allowed"), [("owner", True), ("manager", True), ("agent", False), ("analyst", False)]
    )
    def test_only_owners_and_managers_erase(self, ada: Customer, role: str, allowed: bool) -> None:
        client = client_of(role)
        answer = client.post(f"/customers/{ada.pk}/erasure/", {"name": "Ada Moreno"})
        assert answer.status_code == (302 if allowed else 403)
        assert Customer.objects.filter(pk=ada.pk).exists() is not allowed
        offers = "Erase for good" in text(client.get(f"/customers/{make_customer('Jun').pk}/"))
        assert offers is allowed

    def test_an_analyst_changes_nothing(self, ada: Customer) -> None:
        client = client_of("analyst")
        for address in ("name", "labels", "attributes", "consents", "company", "export"):
            assert client.post(f"/customers/{ada.pk}/{address}/", {"name": "x", "label": "x"}).status_code == 403
        ada.refresh_from_db()
        assert (ada.name, ada.labels.count()) == ("Ada Moreno", 0)


class TestList:
    def test_it_lists_searches_and_pages(self, owner: Client, ada: Customer, musa: Customer) -> None:
        assert "Ada Moreno" in text(owner.get("/customers/"))
        found = text(owner.get("/customers/", {"q": "moreno"}, **HTMX))
        assert "Ada Moreno" in found
        assert "Musa" not in found
        assert "<html" not in found
        assert "Nobody fits" in text(owner.get("/customers/", {"q": "zzzzz"}))

    def test_an_empty_house_says_what_to_do(self, owner: Client) -> None:
        assert "No customers yet" in text(owner.get("/customers/"))

    @pytest.mark.parametrize(
        "asked", ["label=abc", "label=99999999999999999999", "seen=-1", "who=x", "q=%00", "sort=x"]
    )
    def test_nonsense_in_the_address_is_passed_over(self, owner: Client, ada: Customer, asked: str) -> None:
        assert owner.get(f"/customers/?{asked}").status_code == 200

    def test_a_made_up_place_is_refused_kindly(self, owner: Client) -> None:
        answer = owner.get("/customers/?after=x")
        assert (answer.status_code, "Begin again from the top" in text(answer)) == (422, True)

    def test_the_palette_finds_customers(self, owner: Client, ada: Customer) -> None:
        answer = owner.get("/customers/search/", {"q": "moren"}, headers={"Accept": "application/json"})
        assert answer.json() == {
            "customers": [{"name": "Ada Moreno", "detail": "ada@example.com", "url": f"/customers/{ada.pk}/"}]
        }

    def test_names_are_text_and_nothing_else(self, owner: Client) -> None:
        evil = make_customer("<script>alert(1)</script>", email="e@example.com")
        attributes.write(evil.pk, "<b>", "<img src=x>")
        record(evil.pk, "<i>Played</i>", song="<u>")
        for address in ("/customers/", f"/customers/{evil.pk}/"):
            page = text(owner.get(address))
            assert "alert(1)" in page
            assert not any(tag in page for tag in ("<script>alert", "<img src=x", "<i>Played", "<u>"))


class TestProfile:
    def test_it_shows_who_they_are_and_what_happened(self, owner: Client, ada: Customer) -> None:
        products = [{"name": "Espresso", "quantity": 2}, {"name": "Filter"}]
        record(ada.pk, "Order Completed", order_id="20318", total="39.80", currency="EUR", products=products)
        record(ada.pk, "Song Played", song="Blue", rating={"stars": 5})
        page = text(owner.get(f"/customers/{ada.pk}/"))
        for said in (
            "Ada Moreno",
            "ada@example.com",
            "Order 20318",
            "2 items",
            "2 × Espresso",
            "Song Played",
            "rating.stars",
        ):
            assert said in page, said
        assert "€\N{NARROW NO-BREAK SPACE}39.80" in page

    def test_values_of_attributes_are_words(self, owner: Client, ada: Customer, musa: Customer) -> None:
        profiles_written.apply_traits(
            [profiles_written.Traits(ada.pk, attributes={"newsletter": True, "vip": False, "sizes": ["S", 2, True]})]
        )
        for address in (f"/customers/{ada.pk}/", f"/customers/{musa.pk}/merge/?with={ada.pk}"):
            page = text(owner.get(address))
            assert all(shown in page for shown in (">yes<", ">no<", ">S, 2, yes<")), address
            assert "True" not in page

    def test_a_merged_customer_leads_to_whom_they_were_merged_into(
        self, owner: Client, ada: Customer, musa: Customer
    ) -> None:
        merges.merge(ada.pk, musa.pk, by=INES)
        assert owner.get(f"/customers/{musa.pk}/")["Location"] == f"/customers/{ada.pk}/"

    def test_nobody_is_a_kind_404(self, owner: Client) -> None:
        answer = owner.get("/customers/999999/")
        assert (answer.status_code, "They may have been erased" in text(answer)) == (404, True)

    def test_the_timeline_goes_on_where_it_stopped(self, owner: Client, ada: Customer) -> None:
        for number in range(35):
            record(ada.pk, "Page Viewed", title=f"page-{number:02}")
        first = owner.get(f"/customers/{ada.pk}/")
        more = first.context["more"]
        rest = text(owner.get(more, **HTMX))
        shown = [number for number in range(35) if f"page-{number:02}" in text(first)]
        assert len(shown) == 30
        assert [number for number in range(35) if f"page-{number:02}" in rest] == [
            number for number in range(35) if number not in shown
        ]
        assert "<html" in text(owner.get(more))

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_edits_answer_with_their_region_or_lead_back(
        self, owner: Client, ada: Customer, headers: dict[str, str]
    ) -> None:
        edits = {
            "name": ({"name": "Ada M."}, "Ada M."),
            "labels": ({"label": "VIP"}, "VIP"),
            "attributes": ({"attribute": "plan", "value": "gold"}, "gold"),
            "company": ({"company": "Bean & Co"}, "Bean &amp; Co"),
            "consents": ({"purpose": "news", "is_given": "yes", "source": "phone", "text_version": "7"}, "text 7"),
        }
        for address, (said, shown) in edits.items():
            answer = owner.post(f"/customers/{ada.pk}/{address}/", said, **headers)
            if headers:
                assert shown in text(answer), address
                assert "<html" not in text(answer)
                assert answer["HX-Trigger"] == '{"happened": {}}'
            else:
                assert answer["Location"] == f"/customers/{ada.pk}/"
        profile = profiles.profile(ada.pk)
        assert (profile.name, str(profile.company), profile.labels[0].name) == ("Ada M.", "Bean & Co", "VIP")
        assert Consent.objects.values_list("purpose", "is_given", "source", "text_version", "actor").get()[:4] == (
            "news", True, "phone", "7",
        )  # fmt: skip
        owner.post(f"/customers/{ada.pk}/labels/{profile.labels[0].pk}/remove/", **headers)
        owner.post(f"/customers/{ada.pk}/attributes/remove/", {"attribute": "plan"}, **headers)
        owner.post(f"/customers/{ada.pk}/company/", {"company": ""}, **headers)
        profile = profiles.profile(ada.pk)
        assert (profile.labels, profile.attributes, profile.company) == ([], [], None)

    @pytest.mark.parametrize(
        ("address", "said"),
        [("labels", {"label": " "}), ("labels", {"label": "x" * 61}), ("attributes", {"attribute": "", "value": "x"}),
         ("attributes", {"attribute": "a", "value": "x" * 2001}), ("name", {"name": "x" * 201}),
         ("consents", {"purpose": "everything", "is_given": "yes"}), ("company", {"company": "x" * 201})],
    )  # fmt: skip
    def test_what_cannot_be_kept_is_refused_and_nothing_changes(
        self, owner: Client, ada: Customer, address: str, said: dict[str, str]
    ) -> None:
        before = profiles.profile(ada.pk)
        assert owner.post(f"/customers/{ada.pk}/{address}/", said).status_code == 422
        refused = owner.post(f"/customers/{ada.pk}/{address}/", said, **HTMX)
        assert (refused.status_code, refused.has_header("HX-Trigger")) == (422, False)
        assert profiles.profile(ada.pk) == before

    def test_it_takes_no_more_queries_for_a_long_story(
        self, owner: Client, ada: Customer, django_assert_num_queries: Any
    ) -> None:
        for number in range(25):
            record(ada.pk, "Page Viewed", number=number)
            labels.put(ada.pk, f"label {number}", by=INES)
        owner.get(f"/customers/{ada.pk}/")
        with django_assert_num_queries(15):
            owner.get(f"/customers/{ada.pk}/")


class TestMerging:
    def test_it_is_compared_confirmed_and_taken_back(self, owner: Client, ada: Customer, musa: Customer) -> None:
        assert "Musa Traoré" in text(owner.get(f"/customers/{ada.pk}/merge/", {"q": "musa"}))
        compared = text(owner.get(f"/customers/{ada.pk}/merge/", {"with": musa.pk}))
        assert "musa@example.com" in compared
        assert Customer.objects.filter(merged_into=ada).count() == 0
        owner.post(f"/customers/{ada.pk}/merge/", {"with": musa.pk, "why": "new address"})
        page = owner.get(f"/customers/{ada.pk}/")
        assert "Merged into this customer" in text(page)
        owner.post(f"/customers/merges/{page.context['merges'][0][0].id}/undo/")
        assert Customer.objects.filter(merged_into=ada).count() == 0

    @pytest.mark.parametrize("other", ["", "abc", "999999", "{ada}"])
    def test_a_merge_with_nobody_or_oneself_is_refused(self, owner: Client, ada: Customer, other: str) -> None:
        answer = owner.post(f"/customers/{ada.pk}/merge/", {"with": other.format(ada=ada.pk)})
        assert answer.status_code in (404, 422)

    def test_duplicates_are_offered(self, owner: Client, ada: Customer) -> None:
        make_customer("Ada Moreno", email="ada2@example.org")
        assert "the same name" in text(owner.get(f"/customers/{ada.pk}/duplicates/", **HTMX))


class TestErasing:
    def test_the_wrong_name_erases_nothing(self, owner: Client, ada: Customer) -> None:
        answer = owner.post(f"/customers/{ada.pk}/erasure/", {"name": "Ada"})
        assert (answer.status_code, "Nothing was erased" in text(answer)) == (422, True)
        assert Customer.objects.get(pk=ada.pk).email == "ada@example.com"

    def test_the_name_typed_in_any_case_erases(self, owner: Client, ada: Customer) -> None:
        owner.get(f"/customers/{ada.pk}/erasure/")
        owner.post(f"/customers/{ada.pk}/erasure/", {"name": " ada  moreno "})
        assert owner.get(f"/customers/{ada.pk}/").status_code == 404


def test_the_export_holds_everything_readable_and_as_json(owner: Client, ada: Customer, musa: Customer) -> None:
    record(ada.pk, "Order Completed", order_id='=HYPERLINK("x")', total=1)
    record(musa.pk, "=cmd|' /C calc'!A0")
    labels.put(musa.pk, "VIP", by=INES)
    merges.merge(ada.pk, musa.pk, by=INES)
    answer = owner.post(f"/customers/{musa.pk}/export/")
    assert answer["Content-Disposition"].startswith(f'attachment; filename="customer-{ada.pk}-')
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    said = json.loads(archive.read("customer.json"))
    assert {"facts", "customer", "identities", "labels", "consents", "traits", "merges"} <= said.keys()
    assert [row["name"] for row in said["customer"]] == ["Ada Moreno", "Musa Traoré"]
    assert sorted(row["name"] for row in said["facts"]) == [
        "=cmd|' /C calc'!A0",
        "Order Completed",
        "customers merged",
        "label added",
    ]
    assert said["labels"] == [{"name": "VIP"}]
    page, table = archive.read("customer.html").decode(), archive.read("facts.csv").decode()
    assert "Musa Traoré" in page
    assert "'=cmd" in table
    assert ",=cmd" not in table
    assert AuditEntry.objects.filter(verb="customer exported", subject=f"customer:{ada.pk}").count() == 1
