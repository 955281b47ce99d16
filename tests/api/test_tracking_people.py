"""Who is who: what identify, alias and group may do with each kind of key."""

from typing import Any

import pytest

from regulars.accounts.actions import keys
from regulars.customers.actions import erasures
from regulars.customers.models import Company, Customer, Identity, Merge
from regulars.customers.tracking import claims
from regulars.customers.tracking.models import AppliedMessage, ClaimedLink
from regulars.kernel.actors import SYSTEM
from regulars.kernel.models import Fact
from tests.api.conftest import Server


def owner(kind: str, value: str) -> Customer:
    return Identity.objects.get(kind=kind, value=value).customer


def visit(tracking: Server, message_id: str = "v", **said: Any) -> None:
    event = {"type": "page", "anonymousId": "a-1", "messageId": message_id} | said
    assert tracking.send("/v1/batch", {"batch": [event]})[0] == 200


def identify(tracking: Server, *, key: str = "", message_id: str = "i", **said: Any) -> None:
    event = {"userId": "ada", "messageId": message_id} | said
    assert tracking.send("/v1/identify", event, key=key) == (200, {"success": True})


def test_identify_writes_traits_and_is_no_fact(tracking: Server) -> None:
    traits = {
        "email": "Ada@Example.com",
        "firstName": "Ada",
        "lastName": "Love",
        "plan": "pro",
        "seats": 2,
        "off": None,
    }
    identify(tracking, traits=traits)
    ada = owner("external", "ada")
    assert (ada.name, ada.email, ada.attributes) == ("Ada Love", "Ada@Example.com", {"plan": "pro", "seats": 2})
    assert owner("email", "ada@example.com") == ada
    assert Fact.objects.count() == 0


def test_traits_may_stand_in_the_context(tracking: Server) -> None:
    identify(tracking, context={"traits": {"plan": "pro"}})
    assert owner("external", "ada").attributes == {"plan": "pro"}


def test_an_old_identify_sent_again_does_not_undo_a_newer_one(tracking: Server) -> None:
    identify(tracking, message_id="1", traits={"plan": "free"})
    identify(tracking, message_id="2", traits={"plan": "pro"})
    identify(tracking, message_id="1", traits={"plan": "free"})
    assert owner("external", "ada").attributes == {"plan": "pro"}
    assert AppliedMessage.objects.count() == 2


@pytest.mark.parametrize("call", ["identify", "alias"])
def test_a_server_joins_a_visitor_to_the_customer_they_turned_out_to_be(tracking: Server, call: str) -> None:
    visit(tracking)
    other = {"anonymousId": "a-1"} if call == "identify" else {"previousId": "a-1"}
    assert tracking.send(f"/v1/{call}", {"userId": "ada", "messageId": "x"} | other)[0] == 200
    assert owner("anonymous", "a-1").merged_into == owner("external", "ada")
    assert Merge.objects.count() == 1


def test_a_shared_browser_does_not_join_two_customers(tracking: Server) -> None:
    identify(tracking, message_id="1", userId="ada", anonymousId="a-1")
    identify(tracking, message_id="2", userId="musa", anonymousId="a-1")
    assert owner("anonymous", "a-1").merged_into == owner("external", "ada")
    assert owner("external", "musa").merged_into is None
    assert Merge.objects.count() == 1


def test_a_server_may_say_that_an_identifier_was_renamed(tracking: Server) -> None:
    identify(tracking, message_id="1", userId="old")
    assert tracking.send("/v1/alias", {"userId": "ada", "previousId": "old", "messageId": "2"})[0] == 200
    assert owner("external", "old").merged_into == owner("external", "ada")


def test_who_was_known_by_address_only_is_the_customer_a_server_names_with_it(tracking: Server) -> None:
    stranger = Customer.objects.create(
        email="ada@example.com", created_at="2026-03-02T12:00Z", known_at="2026-03-02T12:00Z"
    )
    Identity.objects.create(
        customer=stranger, kind="email", value="ada@example.com", source_id=1, created_at="2026-03-02T12:00Z"
    )
    identify(tracking, traits={"email": "ada@example.com"})
    stranger.refresh_from_db()
    assert stranger.merged_into == owner("external", "ada")


def test_two_identifiers_with_one_address_stay_two_customers(tracking: Server) -> None:
    identify(tracking, message_id="1", userId="ada", traits={"email": "family@example.com"})
    identify(tracking, message_id="2", userId="musa", traits={"email": "family@example.com"})
    assert owner("email", "family@example.com") == owner("external", "ada")
    assert (owner("external", "musa").email, Merge.objects.count()) == ("family@example.com", 0)


def test_a_browser_only_claims_a_link_and_changes_nobody_a_server_named(tracking: Server) -> None:
    identify(tracking, message_id="1", traits={"email": "ada@example.com", "plan": "pro"})
    visit(tracking)
    browser = tracking.browser_key
    identify(
        tracking, key=browser, message_id="2", anonymousId="a-1", traits={"email": "evil@example.com", "plan": "x"}
    )
    tracking.send("/v1/g", {"userId": "ada", "groupId": "evil", "messageId": "3"}, key=browser)
    ada, visitor = owner("external", "ada"), owner("anonymous", "a-1")
    assert (ada.email, ada.attributes, ada.company) == ("ada@example.com", {"plan": "pro"}, None)
    assert visitor.merged_into is None
    link = ClaimedLink.objects.get()
    assert (link.visitor, link.customer) == (visitor, ada)
    assert claims.claimed_customers() == {visitor.pk: ada.pk}
    assert (Merge.objects.count(), Identity.objects.filter(value="evil@example.com").count()) == (0, 0)


def test_a_browser_never_joins_known_customers(tracking: Server) -> None:
    for number, user in enumerate(("ada", "musa")):
        identify(tracking, message_id=str(number), userId=user)
    alias = {"userId": "ada", "previousId": "musa", "messageId": "x"}
    assert tracking.send("/v1/alias", alias, key=tracking.browser_key) == (200, {"success": True})
    assert (Merge.objects.count(), ClaimedLink.objects.count()) == (0, 0)


def test_a_browser_is_answered_the_same_whoever_there_is(tracking: Server) -> None:
    identify(tracking)
    answers = {
        tracking.ask("/v1/i", {"userId": user, "messageId": user, "traits": {"a": 1}}, key=tracking.browser_key)[2]
        for user in ("ada", "nobody")
    }
    assert answers == {b'{"success":true}'}


def test_a_browsers_facts_are_untrusted_and_its_customers_unverified(tracking: Server) -> None:
    event = {"event": "Order Completed", "userId": "ada", "messageId": "1", "properties": {"total": 5}}
    assert tracking.send("/v1/t", event, key=tracking.browser_key)[0] == 200
    assert Fact.objects.get().is_trusted is False
    assert Identity.objects.get().verified_at is None
    assert tracking.send("/v1/t", event | {"messageId": "2"})[0] == 200
    assert Identity.objects.get().verified_at is not None


def test_a_signed_visitor_token_makes_a_browser_believed_for_that_user_only(tracking: Server) -> None:
    token = keys.visitor_token(tracking.source_id("browser"), "ada")
    context = {"visitorToken": token}
    event = {"event": "Order Completed", "messageId": "1", "userId": "ada", "context": context}
    other = event | {"userId": "musa", "messageId": "2"}
    browser = tracking.browser_key
    assert (
        tracking.send("/v1/b", {"batch": [event | {"type": "track"}, other | {"type": "track"}]}, key=browser)[0] == 200
    )
    assert dict(Fact.objects.values_list("message_id", "is_trusted")) == {"1": True, "2": False}
    identify(tracking, key=browser, message_id="3", anonymousId="a-1", traits={"plan": "pro"}, context=context)
    assert owner("anonymous", "a-1").merged_into == owner("external", "ada")
    assert owner("external", "ada").attributes == {"plan": "pro"}


def test_a_group_is_the_customers_company(tracking: Server) -> None:
    group = {"userId": "ada", "groupId": "org-9", "traits": {"name": "Acme", "seats": 12}, "messageId": "1"}
    assert tracking.send("/v1/group", group)[0] == 200
    company = Company.objects.get()
    assert (company.external_id, company.name, company.attributes) == ("org-9", "Acme", {"seats": 12})
    assert owner("external", "ada").company == company


def test_who_was_erased_does_not_come_back_and_nobody_can_tell(tracking: Server) -> None:
    event = {"event": "Order Completed", "userId": "ada", "messageId": "1"}
    for number in range(4):  # more calls than threads: each remembers her
        assert tracking.send("/v1/t", event | {"messageId": str(number)})[0] == 200
    erasures.erase(owner("external", "ada").pk, by=SYSTEM)
    assert Fact.objects.filter(name="Order Completed").count() == 0
    for number in range(4):
        assert tracking.send("/v1/t", event | {"messageId": f"again {number}"}) == (200, {"success": True})
    identify(tracking, traits={"email": "ada@example.com"})
    assert Fact.objects.filter(name="Order Completed").count() == 0
    assert Identity.objects.count() == 0
