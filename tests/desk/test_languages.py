"""The language of a conversation: as its first mail says it, or somebody after it."""

import pytest

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.desk import languages
from regulars.desk.actions import conversations
from regulars.desk.errors import NotALanguage
from regulars.desk.models import Conversation, Step
from tests.desk.post import mail, placed

pytestmark = pytest.mark.django_db


def test_a_code_is_read_without_its_country() -> None:
    said = {"de": "de", " De-AT, en": "de", "zh_Hant-TW": "zh", "fil;q=1": "fil", "German": "", "": "", "d\x00": ""}
    assert {each: languages.code_of(each) for each in said} == said


def test_a_mail_that_says_its_language_begins_a_conversation_in_it(mailbox: Channel) -> None:
    said = placed(b"Content-Language: de-AT\n" + mail("Wo ist es?", id="one@example.com"), mailbox).conversation
    assert said.language == "de"
    placed(b"Content-Language: fr\n" + mail("Still?", answers="one@example.com"), mailbox)
    assert Conversation.objects.get().language == "de"
    assert placed(mail("Where?", author="Musa <musa@example.com>"), mailbox).conversation.language == ""


def test_a_language_is_changed_in_a_step_and_nonsense_is_refused(question: Conversation, ines: Agent) -> None:
    for _ in range(2):
        assert conversations.change_language(question.pk, "pt-BR", by=ines.actor).language == "pt"
    step = Step.objects.get(verb="changed")
    assert step.details == {"what": "language", "before": "", "after": "pt"}
    with pytest.raises(NotALanguage):
        conversations.change_language(question.pk, "Portuguese", by=ines.actor)
    assert Conversation.objects.get().language == "pt"
    assert conversations.change_language(question.pk, "", by=ines.actor).language == ""
