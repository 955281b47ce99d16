"""After joining, linking and splitting, the list beside is the one that was left."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from regulars.accounts.models import Agent
from regulars.desk.actions import links, merging
from regulars.desk.models import Conversation, Message
from regulars.kernel.actors import SYSTEM
from tests.desk.cast import ask
from tests.desk.conftest import ada, ines, mailbox, question
from tests.web.test_conversation import page, said

__all__ = ["ada", "ines", "mailbox", "page", "question"]
pytestmark = pytest.mark.django_db

LEFT = "view=all&sort=oldest"


@pytest.fixture
def other(question: Conversation) -> Conversation:
    return ask(question.customer_id, question.channel, "Another")


def there(conversation: Conversation, query: str = LEFT) -> str:
    return f"{reverse('desk:conversation', args=[conversation.pk])}?{query}".rstrip("?")


def coming_from(conversation: Conversation, query: str = LEFT) -> dict[str, Any]:
    return {"HTTP_REFERER": f"http://testserver{there(conversation, query)}"}


def test_joining_carries_the_list_from_page_to_page(page: Client, question: Conversation, other: Conversation) -> None:
    address = reverse("desk:merge", args=[question.pk])
    found = page.get(address, **coming_from(question)).content.decode()
    assert f'href="{there(question).replace("&", "&amp;")}"' in found
    assert f"?with={other.pk}&amp;from=view%3Dall%26sort%3Doldest" in found
    confirm = page.get(address, {"with": other.pk, "from": LEFT}).content.decode()
    assert 'name="from" value="view=all&amp;sort=oldest"' in confirm
    joined = page.post(address, {"with": other.pk, "from": LEFT})
    assert joined["Location"] == there(question)
    gone = page.get(there(other))
    assert gone["Location"] == there(question)


def test_taking_apart_linking_and_unlinking_go_back_to_it(
    page: Client, question: Conversation, other: Conversation
) -> None:
    merge = merging.merge(question.pk, other.pk, by=SYSTEM)
    apart = page.post(reverse("desk:merge_undo", args=[merge.pk]), **coming_from(question, "q=broken+bag"))
    assert apart["Location"] == there(other, "q=broken+bag")
    linked = page.post(reverse("desk:link", args=[question.pk]), {"with": other.pk, "from": LEFT})
    assert linked["Location"] == there(question)
    link = links.put(question.pk, other.pk, by=SYSTEM)
    removal = reverse("desk:link_removal", args=[question.pk])
    unlinked = page.post(removal, {"link": link.pk}, **coming_from(question))
    assert unlinked["Location"] == there(question)


def test_splitting_goes_back_to_it(page: Client, question: Conversation) -> None:
    address = reverse("desk:split", args=[Message.objects.get().pk])
    assert 'value="view=all&amp;sort=oldest"' in page.get(address, **coming_from(question)).content.decode()
    message = said(question, text="And another thing")
    begun = page.post(reverse("desk:split", args=[message.pk]), {"which": "alone", "from": LEFT})
    assert begun["Location"] == there(Conversation.objects.exclude(pk=question.pk).get())


@pytest.mark.parametrize("left", ["view=no-such&sort=worst", "view=mine"])
def test_what_makes_no_sense_is_passed_over(
    page: Client, question: Conversation, other: Conversation, ines: Agent, left: str
) -> None:
    linked = page.post(reverse("desk:link", args=[question.pk]), {"with": other.pk, "from": left})
    assert linked["Location"] == reverse("desk:conversation", args=[question.pk])


def test_another_page_and_another_house_have_no_list(page: Client, question: Conversation, other: Conversation) -> None:
    for before in ("http://testserver/settings/labels/?view=all", "http://elsewhere.example/inbox/?view=all"):
        answer = page.post(reverse("desk:link", args=[question.pk]), {"with": other.pk}, HTTP_REFERER=before)
        assert answer["Location"] == reverse("desk:conversation", args=[question.pk])
