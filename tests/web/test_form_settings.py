"""Forms in the settings: made, asked more of, switched off, put away; and the mailbox of the portal."""

import pytest
from django.test import Client

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent, AuditEntry
from regulars.channels.actions import setting_up
from regulars.channels.models import Channel
from regulars.channels.selectors import forms
from regulars.channels.selectors.forms import Door
from regulars.channels.webform.definitions import Field
from regulars.kernel import page_settings
from regulars.kernel.actors import SYSTEM
from tests.customers.cast import make_customer
from tests.desk.asking_by_form import make_form
from tests.desk.cast import ask, make_agent, make_mailbox

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/forms/"


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_agent("Mara", role="manager"))
    return client


def typed(**said: object) -> dict[str, object]:
    """What somebody types who adds a form."""
    return {
        "title": "Contact us",
        "name": "optional",
        "subject": "required",
        "priority": "3",
        "takes_files": "on",
        **said,
    }


def only() -> Door:
    return forms.doors()[0]


def test_a_form_is_made_from_a_title_and_little_more(browser: Client) -> None:
    mailbox, team_id = make_mailbox(), teams.create("Orders", by=SYSTEM, agent_ids=[]).pk
    said = typed(
        mailbox=mailbox.pk, team=team_id, label="Website", sites="shop.example\nhttps://b.example/", thanks="Thanks"
    )
    answer = browser.post(f"{ADDRESS}new/", said)
    form = only().form
    assert answer["Location"] == f"{ADDRESS}{only().id}/"
    assert (form.slug, form.title, form.subject, form.mailbox_id) == (
        "contact-us",
        "Contact us",
        "required",
        mailbox.pk,
    )
    assert (form.sites, form.label, only().channel.team_id) == (
        ("https://shop.example", "https://b.example"),
        "Website",
        team_id,
    )
    page = browser.get(answer["Location"]).content.decode()
    assert "/form/contact-us/embed/" in page and "&lt;iframe" in page and "No mailbox is chosen" not in page
    assert Client().get("/form/contact-us/").status_code == 200


def test_without_a_mailbox_the_page_says_that_no_mail_leaves(browser: Client) -> None:
    door = make_form()
    assert "No mailbox is chosen" in browser.get(f"{ADDRESS}{door.id}/").content.decode()
    assert "no mail leaves" in browser.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"slug": "A b!"}, {"sites": "https://a.example; x"}, {"priority": "9"}, {"title": " "}]
)
def test_what_cannot_be_used_is_said_and_nothing_is_kept(browser: Client, wrong: dict[str, str]) -> None:
    answer = browser.post(f"{ADDRESS}new/", typed(**wrong))
    assert answer.status_code == 422 and 'class="errors' in answer.content.decode()
    assert not Channel.objects.exists()


def test_an_address_that_is_taken_stays_with_its_form(browser: Client) -> None:
    make_form()
    answer = browser.post(f"{ADDRESS}new/", typed(slug="contact"))
    assert answer.status_code == 422 and "Another form has this address already." in answer.content.decode()
    assert Channel.objects.count() == 1


def test_questions_are_added_changed_put_in_order_and_asked_no_more(browser: Client) -> None:
    door = make_form(fields=())
    for label in ("Order number", "Colour"):
        said = {"label": label, "kind": "choice" if label == "Colour" else "text", "choices": "Red\n\nBlue\nRed"}
        assert browser.post(f"{ADDRESS}{door.id}/questions/new/", said).status_code == 302
    first, second = only().form.fields
    assert (first.choices, second.choices) == ((), ("Red", "Blue"))
    browser.post(f"{ADDRESS}{door.id}/questions/{second.id}/rise/")
    browser.post(
        f"{ADDRESS}{door.id}/questions/{first.id}/", {"label": "Your order", "kind": "number", "is_required": "on"}
    )
    assert [each.label for each in only().form.fields] == ["Colour", "Your order"]
    assert only().form.fields[1] == Field(id=first.id, kind="number", label="Your order", is_required=True)
    browser.post(f"{ADDRESS}{door.id}/questions/{second.id}/removal/")
    assert [each.label for each in only().form.fields] == ["Your order"]


def test_changing_what_a_form_says_keeps_its_questions(browser: Client) -> None:
    door = make_form()
    browser.post(f"{ADDRESS}{door.id}/", typed(title="Write to us", slug="contact"))
    assert (only().form.title, len(only().form.fields), only().channel.name) == ("Write to us", 2, "Write to us")


@pytest.mark.parametrize(
    "wrong", [{"label": ""}, {"label": "order NUMBER", "key": "Order_Number"}, {"label": "x", "kind": "choice"}]
)
def test_a_question_needs_a_name_of_its_own_and_choices_where_one_chooses(
    browser: Client, wrong: dict[str, str]
) -> None:
    door = make_form()
    answer = browser.post(f"{ADDRESS}{door.id}/questions/new/", {"kind": "text", **wrong})
    assert answer.status_code == 422 and len(only().form.fields) == 2


def test_a_form_is_switched_off_and_on_and_put_away(browser: Client) -> None:
    door = make_form()
    browser.post(f"{ADDRESS}{door.id}/pause/")
    assert only().is_off and "switched off" in browser.get(ADDRESS).content.decode()
    browser.post(f"{ADDRESS}{door.id}/pause/remove/")
    assert not only().is_off
    browser.post(f"{ADDRESS}{door.id}/archive/")
    assert forms.doors() == [] and browser.get(f"{ADDRESS}{door.id}/").status_code == 404


def test_the_portals_mailbox_is_chosen_and_recorded(browser: Client) -> None:
    mailbox = make_mailbox()
    browser.post(f"{ADDRESS}portal/", {"mailbox": str(mailbox.pk)})
    assert page_settings.value("portal_mailbox") == str(mailbox.pk)
    assert AuditEntry.objects.filter(subject="setting:portal_mailbox").count() == 1
    assert "Mail me a link" in Client().get("/portal/").content.decode()
    setting_up.archive(mailbox.pk, by=SYSTEM)
    assert "not set up here" in Client().get("/portal/").content.decode()


def test_an_answer_offers_recipients_only_where_it_leaves_by_mail(browser: Client) -> None:
    ada = make_customer("Ada", email="ada@example.com")
    told = make_form(slug="told", mailbox_id=make_mailbox().pk)
    for door, offers in ((make_form(), False), (told, True)):
        page = browser.get(f"/inbox/conversations/{ask(ada.pk, door.channel).pk}/").content.decode()
        assert ('name="to"' in page) == offers


def test_an_agent_may_not_set_forms_up(client: Client) -> None:
    bo: Agent = make_agent("Bo")
    client.force_login(bo)
    door = make_form()
    for place in ("", "new/", f"{door.id}/"):
        assert client.get(f"{ADDRESS}{place}").status_code == 403
    assert client.post(f"{ADDRESS}{door.id}/pause/").status_code == 403
    assert client.post(f"{ADDRESS}portal/", {"mailbox": "1"}).status_code == 403
    assert not only().is_off and page_settings.value("portal_mailbox") == ""
