"""A search shows where what was searched for is said, and marks it."""

import re
from html import escape, unescape

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.customers.normalise import fold
from regulars.desk.actions import indexing, messages
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation, Message
from regulars.desk.selectors import passages
from regulars.kernel import clock
from regulars.kernel.actors import Actor
from regulars.web.desk.sought import marked
from tests.desk.conftest import ada, ines, mailbox, question

__all__ = ["ada", "ines", "mailbox", "question"]
LETTERS = "abeioß äöüÉçłİ.-_ 漢字かな<&'"


def previews(ines: Agent, typed: str) -> list[str]:
    """What stands under each found conversation's subject."""
    indexing.index(Conversation.objects.values_list("pk", flat=True))
    client = Client()
    client.force_login(ines, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/inbox/", {"q": typed}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="inbox-list").content.decode()
    return [
        re.sub(r"(?s)<svg.*?</svg>|\s*</?span[^>]*>", "", text)
        for text in re.findall(r'<p class="preview clip">(.*?)</p>', page)
    ]


@pytest.mark.django_db
def test_a_found_conversation_shows_the_line_that_says_what_was_searched_for(
    question: Conversation, ada: Customer, ines: Agent
) -> None:
    by = Actor("customer", ada.pk)
    filling = "Nothing of this is meant at all, and it goes on for a while. " * 4
    said = f"{filling}\nDie Größe der <b>Bohnen</b> passt nicht. {filling}"
    messages.receive(question.pk, Written(text=said), by=by)
    taken_back = messages.receive(question.pk, Written(text="Große!"), by=by)
    Message.objects.filter(pk=taken_back.pk).update(removed_at=clock.now())
    messages.receive(question.pk, Written(text="One more thing."), by=by)
    (line,) = previews(ines, "grosse")
    assert "a while. Die <mark>Größe</mark> der &lt;b&gt;Bohnen&lt;/b&gt; passt nicht. " in line
    assert line.startswith("… a while.") and line.endswith("and it goes on …")
    assert previews(ines, "thing") == ["One more <mark>thing</mark>."]
    messages.receive(question.pk, Written(text="Thank you, and that was quick. Could you still send it?"), by=by)
    assert previews(ines, "still") == ["… quick. Could you <mark>still</mark> send it?"]
    messages.receive(question.pk, Written(text="One more thing."), by=by)
    assert previews(ines, "moreno") == ["One more thing."]  # the customer is called so; nobody said it


@pytest.mark.django_db
def test_lines_are_found_for_all_of_a_page_in_one_question(
    question: Conversation, ada: Customer, django_assert_num_queries: object
) -> None:
    messages.receive(question.pk, Written(text="日本語の注文です"), by=Actor("customer", ada.pk))
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture
        assert passages.lines([question.pk, -1], ["注文"]) == {question.pk: "日本語の注文です"}
    assert passages.lines([question.pk], ["nowhere"]) == {}
    assert passages.lines([question.pk], ["s" * 500] * 500) == {}
    assert passages.lines([question.pk], []) == {}


@given(text=st.text(LETTERS, max_size=60), sought=st.lists(st.text("abeioscu漢か", min_size=1, max_size=3), max_size=3))
def test_what_is_marked_is_what_was_meant_and_nothing_of_the_text_is_lost(text: str, sought: list[str]) -> None:
    html = marked(text, sought)
    assert unescape(re.sub("</?mark>", "", html)) == unescape(escape(text))
    for each in re.findall("<mark>(.*?)</mark>", html):
        assert any(beginning in fold(unescape(each)) for beginning in sought)
