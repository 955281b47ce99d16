"""The language of a conversation: as its first mail says it, else as the customer's, or as somebody said."""

import pytest

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk import languages
from regulars.desk.actions import conversations, macros, rules
from regulars.desk.errors import ConditionNotUsable, NotALanguage
from regulars.desk.models import Conversation, Step
from regulars.desk.selectors import conditions
from regulars.kernel.actors import SYSTEM
from tests.customers.cast import make_customer
from tests.desk.cast import ask
from tests.desk.post import mail, placed

pytestmark = pytest.mark.django_db
SAY_GERMAN = {"deed": "language", "value": "de"}


def test_a_code_is_read_without_its_country() -> None:
    said = {"de": "de", " De-AT, en": "de", "zh_Hant-TW": "zh", "fil;q=1": "fil", "German": "", "": "", "d\x00": ""}
    assert {each: languages.code_of(each) for each in said} == said


def test_a_mail_that_says_its_language_begins_a_conversation_in_it(mailbox: Channel) -> None:
    said = placed(b"Content-Language: de-AT\n" + mail("Wo ist es?", id="one@example.com"), mailbox).conversation
    assert said.language == "de"
    placed(b"Content-Language: fr\n" + mail("Still?", answers="one@example.com"), mailbox)
    assert Conversation.objects.get().language == "de"
    assert placed(mail("Where?", author="Musa <musa@example.com>"), mailbox).conversation.language == ""


def test_where_no_language_is_said_the_customer_s_own_counts(mailbox: Channel, ada: Customer) -> None:
    Customer.objects.filter(pk=ada.pk).update(language="pt-BR")
    assert placed(mail("Onde está?", author="Ada <ada@example.com>"), mailbox).conversation.language == "pt"
    said = b"Content-Language: fr\n" + mail("Où est-il?", author="Ada <ada@example.com>")
    assert placed(said, mailbox).conversation.language == "fr"
    assert ask(ada.pk, mailbox).language == "pt"
    assert conversations.start(ada.pk, channel_id=mailbox.pk, by=SYSTEM, language="de-AT").language == "de"
    with pytest.raises(NotALanguage):
        conversations.start(ada.pk, channel_id=mailbox.pk, by=SYSTEM, language="German")


def test_a_customer_s_language_is_looked_for_where_houses_keep_it(mailbox: Channel, ada: Customer) -> None:
    musa = make_customer("Musa", email="musa@example.com")
    Customer.objects.filter(pk=ada.pk).update(attributes={"locale": "de_AT", "language": 7})
    Customer.objects.filter(pk=musa.pk).update(merged_into=ada)
    assert (ask(ada.pk, mailbox).language, ask(musa.pk, mailbox).language) == ("de", "de")
    Customer.objects.filter(pk=musa.pk).update(language="klingon")
    assert ask(musa.pk, mailbox).language == ""


def test_a_rule_says_a_language_where_none_is_known_and_a_view_shows_it(question: Conversation, ines: Agent) -> None:
    unknown = {"field": "language", "is": "in", "value": ["none"]}
    rule = rules.write("German", triggers=["received"], tree=unknown, done=[SAY_GERMAN], by=SYSTEM)
    macro = macros.write("German", "", done=[SAY_GERMAN], by=ines.actor)
    assert rule.deeds == macro.deeds == [SAY_GERMAN]
    fired = [rules.fire(rule, "received", question.pk, because=str(number)) is not None for number in range(2)]
    assert (fired, Conversation.objects.get().language) == ([True, False], "de")
    in_german = {"field": "language", "is": "in", "value": ["de-AT", "none"]}
    assert rules.meets(in_german, question) and not rules.meets({**in_german, "is": "not in"}, question)
    for wrong in ({"deed": "language", "value": "German"}, {"deed": "language", "value": "x" * 99}):
        with pytest.raises(NotALanguage):
            rules.write("Wrong", triggers=["received"], tree={}, done=[wrong], by=SYSTEM)
    with pytest.raises(ConditionNotUsable):
        conditions.check({**unknown, "value": ["German"]})


def test_a_language_is_changed_in_a_step_and_nonsense_is_refused(question: Conversation, ines: Agent) -> None:
    for _ in range(2):
        assert conversations.change_language(question.pk, "pt-BR", by=ines.actor).language == "pt"
    step = Step.objects.get(verb="changed")
    assert step.details == {"what": "language", "before": "", "after": "pt"}
    with pytest.raises(NotALanguage):
        conversations.change_language(question.pk, "Portuguese", by=ines.actor)
    assert Conversation.objects.get().language == "pt"
    assert conversations.change_language(question.pk, "", by=ines.actor).language == ""
