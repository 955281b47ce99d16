"""Every address of the pages, as nobody, as each role and as an agent whose team it is not.

A new address is not covered by being forgotten: it fails here until it says who may open it.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from regulars.accounts import roles
from regulars.accounts.models import Agent
from tests.desk.cast import make_agent
from tests.web.every_address import addresses, make_everything, place

pytestmark = pytest.mark.django_db

ANYBODY, CUSTOMERS, SIGNED_IN = "anybody", "customers who signed in", "anybody signed in"
WHO_MAY = {
    ANYBODY: {
        "desk": "inline", "mail_in": "mail whole_mail events", "forms": "show thanks embed embed_thanks",
        "portal": "sign_in sent link leave leave_everywhere inline",
        "welcome": "first_owner invitation sign_in_link",
    },
    CUSTOMERS: {"portal": "conversations conversation replies solution file mail"},
    SIGNED_IN: {"": "home look keyboard", "settings": "index security", "welcome": "ready"},
    "see_numbers": {
        "": "home_figures",
        "numbers": "page behind behind_table reports report_removal chart table svg png",
        "retention": "page survival survival_curves survival_table survival_svg survival_png revenue revenue_chart "
        "revenue_table revenue_svg revenue_png value value_chart value_steps value_svg value_png model_card "
        "model_card_chart again curves table svg png",
    },
    "see_customers": {"customers": "list search profile timeline duplicates", "retention": "at_risk"},
    "edit_customers": {
        "customers": "name company labels label_removal attributes attribute_removal consents"
    },
    "merge_customers": {"customers": "merge merge_undo"},
    "erase_customers": {"customers": "erasure"},
    "export_customer": {"customers": "export"},
    "export_bulk": {"retention": "value_table at_risk_table", "settings": "export export_create export_file"},
    "import_files": {
        "imports": "list show progress check run cancel rejected",
        "settings": "moved_in moved_in_fetching",
    },
    "answer": {
        "desk": "inbox row counts views view_create view_change view_move view_delete bulks bulks_begin bulk_answer "
        "bulk_more bulk bulk_undo conversation earlier news replies notes presence drafts files resolution "
        "resolution_removal snooze turn assignment team priority labels label_removal kind subject fields spam "
        "spam_removal watch watch_removal reply_undo reply_again mail file sides side_new_draft side side_lines "
        "side_messages side_draft side_closing side_closing_removal side_undo side_again side_mail side_file details "
        "merge merge_undo link link_removal split split_undo macros macro_use macro_undo macro_names start "
        "start_draft start_draft_removal start_files language",
        "settings": "suppressed suppressed_lifting away macros macro_new macro macro_copy macro_retirement",
    },
    "manage_desk": {
        "settings": "targets target_new target target_removal target_rise hours_new hours hours_removal channels "
        "channel_new channel channel_pause channel_resume channel_door channel_connection channel_connected "
        "channel_look channel_archive dead_letters dead_letter_again dead_letter_raw forms form_new form form_pause "
        "form_resume form_archive form_field_new form_field form_field_rise form_field_removal routes seat rules "
        "rule_new rule rule_pause rule_move rule_removal fields field_new field field_move field_retirement "
        "labels label label_joining label_removal",
    },
    "manage_people": {
        "settings": "people role deactivation reactivation second_factor_reset invitations invitation_revocation "
        "teams team_new team team_archive",
    },
    "manage_keys": {
        "settings": "keys key_revocation key_secret rejected webhooks webhook webhook_secret webhook_pause "
        "webhook_removal webhook_test webhook_again webhook_span",
    },
    "manage_settings": {"settings": "company portal"},
    "see_audit": {"settings": "audit audit_csv"},
}  # fmt: skip
# What is about a conversation, or kept by somebody for themselves: to whom it is hidden, it is not there.
HIDDEN = (
    "inbox/rows/", "inbox/conversations/", "inbox/messages/", "inbox/files/", "inbox/sides/", "inbox/side-messages/",
    "inbox/side-files/", "inbox/merges/", "inbox/splits/", "inbox/bulk/<int",
)  # fmt: skip


@cache
def stated() -> dict[str, str]:
    """Who may open each address, by its name."""
    said = [
        (f"{space}:{name}".lstrip(":"), who)
        for who, spaces in WHO_MAY.items()
        for space, names in spaces.items()
        for name in names.split()
    ]
    assert len(said) == len(dict(said)), "an address is stated twice"
    return dict(said)


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    return make_everything()


def test_every_address_says_who_may_open_it() -> None:
    assert {each.name for each in addresses()} == set(stated())


def signed_in(agent: Agent) -> Client:
    agent.set_password("seven quiet herons wade")  # so that dangerous acts ask for it, and do not sign out
    agent.save()
    client = Client()
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/settings/")  # notes that the agent is here, once
    return client


def written() -> int:
    """How many rows this connection has written in its transaction, in all tables; what was undone counts too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables")
        return cursor.fetchone()[0]


def asked(client: Client, world: dict[str, Any], *, names: set[str]) -> Iterator[tuple[str, str, Any, int]]:
    """Each of these addresses looked at and sent a form: its name, how, the answer, and the rows written."""
    for each in addresses():
        if each.name in names:
            for method in ("get", "post"):
                before = written()
                with transaction.atomic():
                    answer = getattr(client, method)(place(each, world))
                    transaction.set_rollback(True)
                yield each.name, method, answer, written() - before


def is_safe(answer: Any) -> bool:
    """Whether an answer to somebody signed in is for them alone, and nothing in it runs but what is ours."""
    kept, policy = answer.get("Cache-Control", ""), answer.get("Content-Security-Policy", "")
    directives = dict(each.strip().partition(" ")[::2] for each in policy.split(";"))  # in any order
    is_bounded = directives.get("default-src") == "'none'" or bool(
        re.fullmatch(r"'self'( 'nonce-[^ ']+')?", directives.get("script-src", ""))
    )
    return "private" in kept and answer.get("X-Content-Type-Options") == "nosniff" and is_bounded


def test_nobody_gets_further_than_the_door(world: dict[str, Any]) -> None:
    closed = {name for name, who in stated().items() if who not in (ANYBODY, CUSTOMERS)}
    for name, method, answer, rows in asked(Client(), world, names=closed):
        assert answer.status_code == 302, (name, method)
        assert answer["Location"].startswith("/account/login/?next=/"), (name, method)
        assert rows == 0, (name, method)


def test_customers_pages_send_strangers_to_the_portals_door(world: dict[str, Any]) -> None:
    own = {name for name, who in stated().items() if who == CUSTOMERS}
    for client in (Client(), signed_in(world["bo"])):
        for name, method, answer, rows in asked(client, world, names=own):
            assert answer.status_code in (302, 405), (name, method)
            assert answer.headers.get("Location", "/portal/").startswith("/portal/"), (name, method)
            assert rows == 0, (name, method)


@pytest.mark.parametrize("role", [role for role in roles.ROLES if role != roles.OWNER])
def test_a_role_is_refused_what_it_may_not_and_nothing_is_changed(role: str, world: dict[str, Any]) -> None:
    client = signed_in(make_agent("Ann", role=role))
    closed = {name for name, who in stated().items() if who in roles.CAPABILITIES and not roles.is_allowed(role, who)}
    for name, method, answer, rows in asked(client, world, names=closed):
        assert answer.status_code in (403, 405), (name, method, answer.status_code)
        assert is_safe(answer) and rows == 0, (name, method, answer.headers)


@pytest.mark.parametrize("role", [roles.OWNER, roles.ANALYST])
def test_a_role_is_not_refused_what_it_may(role: str, world: dict[str, Any]) -> None:
    client = signed_in(make_agent("Ann", role=role))
    opened = {name for name, who in stated().items() if who == SIGNED_IN or who in roles.capabilities(role)}
    for name, method, answer, _rows in asked(client, world, names=opened):
        assert answer.status_code not in (401, 403), (name, method)
        assert answer.status_code < 500, (name, method)
        assert is_safe(answer), (name, method, answer.headers)


def test_what_a_closed_team_has_is_not_there_for_others(world: dict[str, Any]) -> None:
    client = signed_in(world["ines"])
    hidden = {each.name for each in addresses() if each.route.startswith(HIDDEN) and "pk" in each.arguments}
    assert len(hidden) > 50
    for name, method, answer, rows in asked(client, world, names=hidden):
        is_nothing = answer.status_code == 200 and answer.content == b""  # a row that is in the list no longer
        # An empty form can be refused before anybody asks what it is about: 422 is the same for what is not there.
        assert answer.status_code in (404, 405, 422) or is_nothing, (name, method, answer.status_code)
        assert rows == 0, (name, method)


def test_no_page_says_a_word_of_what_is_hidden(world: dict[str, Any]) -> None:
    ann = make_agent("Ann", role=roles.ANALYST)
    words = ("Matter", "And this", "Soon.", "bag.txt", "carrier.example")
    for client in (signed_in(world["ines"]), signed_in(ann)):
        for each in addresses():
            if each.route.startswith("retention/") or each.name.endswith(("svg", "png")):
                continue  # figures of facts; pictures
            answer = client.get(place(each, world), {"q": "Matter", "measure": "began", "view": "all"})
            if answer.get("Content-Type", "").startswith(("text/", "application/json")):
                said = b"".join(answer).decode().replace("q=Matter", "").replace('value="Matter"', "")
                assert [word for word in words if word in said] == [], (each.name, said)
