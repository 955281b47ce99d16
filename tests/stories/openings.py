"""Every address of the product, and how a browser comes to see it; `test_every_page.py` holds this against the urls.

A new page belongs into INSIDE, OUTSIDE or STEPS. What shows no page of its own says why in NO_PAGE.
"""

from collections.abc import Callable
from datetime import timedelta
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from regulars.accounts.actions import first_owner, invitations, keys, one_time_links, teams
from regulars.accounts.models import Agent, Key, Team
from regulars.api.models import Notice
from regulars.api.webhooks import setting_up as webhooks
from regulars.api.webhooks import telling_again
from regulars.channels.models import Channel, Incoming
from regulars.channels.selectors import forms
from regulars.customers.importing.models import Import
from regulars.customers.models import Customer
from regulars.customers.portal import links
from regulars.customers.tracking import rejected
from regulars.desk.actions import bulk, field_definitions, labels, macros, policies, rules, views
from regulars.desk.hours import Hours, read_intervals, same_every_day
from regulars.desk.models import FarFile, Message, Origin
from regulars.desk.selectors import threads
from regulars.desk.selectors.policies import in_force as policies_in_force
from regulars.desk.targets import Policy, Target
from regulars.kernel import clock, page_settings
from regulars.kernel.actors import SYSTEM
from tests.customers.cast import make_customer, record
from tests.desk.asking_by_form import make_form
from tests.desk.beside import ask_carrier
from tests.desk.cast import ask, make_mailbox
from tests.stories.proving import enter_password, mailed_code, plug_in, prove, with_app


def _customer() -> int:
    ada = make_customer("Ada Moreno", email="ada@example.com", external="u-1")
    record(ada.pk, "Order Completed", order_id="20318", total="39.80", currency="EUR")
    return ada.pk


def _conversation() -> int:
    mailbox = Channel.objects.filter(address="help@shop.example").first() or make_mailbox()
    return ask(make_customer("Musa Traoré", email="musa@example.com").pk, mailbox, subject="A torn bag").pk


def _view() -> int:
    tree = {"any": [{"field": "priority", "is": "in", "value": [1]}, {"field": "due", "is": "over"}]}
    return views.create("Urgent", tree=tree, is_shared=True, by=Agent.objects.get().actor).pk


def _bulk() -> int:
    return bulk.begin("resolve", ids=[_conversation()], by=Agent.objects.get().actor).pk


def _message() -> int:
    return threads.thread(threads.shown(_conversation(), by=SYSTEM)).last


def _side() -> int:
    held = threads.shown(_conversation(), by=SYSTEM)
    return ask_carrier(held, Agent.objects.get()).side_id


def _team() -> int:
    known = Team.objects.first() or teams.create("Orders", by=SYSTEM, agent_ids=[Agent.objects.get().pk])
    return known.pk


def _rule() -> int:
    late = {"all": [{"field": "subject", "is": "contains", "value": "late"}]}
    done = [{"deed": "label", "value": "Late"}]
    return rules.write("Late parcels", triggers=["started"], tree=late, done=done, by=SYSTEM).pk


def _macro() -> int:
    done = [{"deed": "label", "value": "Refund"}, {"deed": "resolve", "value": ""}]
    by = Agent.objects.get().actor
    return macros.write("Refunded", "Dear {{customer.first_name|friend}}, {{order.number}}", done=done, by=by).pk


def _field() -> int:
    choices = [{"label": "Damaged"}, {"label": "Too late"}]
    reason = field_definitions.define("Reason", "choice", choices=choices, is_required=True, by=SYSTEM)
    return reason.pk


def _label() -> int:
    _rule()
    return labels.find_or_make("Late").pk


def _webhook() -> int:
    made, _ = webhooks.create("https://shop.example/hook", events=["conversation resolved"], by=SYSTEM)
    notice = telling_again.test(made.pk)
    Notice.objects.filter(pk=notice.pk).update(state="failed", attempts=9, answer_status=503, answer="Come back later.")
    return made.pk


def _import() -> int:
    at = clock.now() - timedelta(hours=1)
    return Import.objects.create(file_name="orders.csv", kind="orders", created_at=at, size=10, digest="0" * 64).pk


def _passkey() -> int:
    from allauth.mfa.models import Authenticator

    data = {"name": "Laptop", "credential": {}}
    return Authenticator.objects.create(user=Agent.objects.get(), type="webauthn", data=data).pk


def _browser_key() -> int:
    keys.create("browser", name="Storefront", by=SYSTEM)
    return Key.objects.get().pk


def _rejected() -> str:
    _browser_key()
    reason = "A track event needs a name in “event”, of at most 300 letters."
    rejection = rejected.Rejection(0, "invalid_event", reason, "track", "", "a-message-id-somebody-made-rather-long")
    rejected.keep([rejection] * 3, source_id=Key.objects.get().source.pk)
    return "/settings/keys/rejected/"


def _moved_in() -> int:
    """An account of which one file is here, one waits and one could not be fetched."""
    origin = Origin.objects.create(kind="zendesk", name="tea", mark="tea", at=clock.now() - timedelta(days=2))
    message = Message.objects.order_by("pk").first()
    assert message
    for number, state in enumerate(("fetched", "waiting", "failed")):
        FarFile.objects.create(
            origin=origin, message=message, number=str(number), where="ticket 9", name=f"tea-{number}.png",
            type="image/png", url=f"https://tea.zendesk.com/attachments/token/{'a1B2' * 9}/?name=tea-{number}.png",
            state=state, reason="file gone" if state == "failed" else "", said="404" if state == "failed" else "",
        )  # fmt: skip
    return origin.pk


def _targets() -> str:
    office = Hours("Europe/Berlin", same_every_day(read_intervals("09:00-12:30, 13:30-17:00")), "DE", "BY")
    urgent = Target("Urgent", "Office", {"first": 1800, "resolution": 14_400}, priorities=frozenset({1}))
    policies.keep(Policy({"Office": office}, (urgent,), "Office"), seen=policies_in_force().number, by=SYSTEM)
    return "/settings/targets/"


def _channel() -> int:
    """A mailbox on a server that does not answer: here nobody listens."""
    at = clock.now() - timedelta(hours=2)
    settings = {"imap_host": "127.0.0.1", "imap_port": 9, "imap_security": "none", "imap_user": "help@shop.example"}
    kept = {
        "kind": "email", "name": "Care", "created_at": at, "settings": settings, "worked_at": at, "trouble_at": at,
        "trouble": "127.0.0.1 does not accept connections on port 9.",
    }  # fmt: skip
    channel, _is_new = Channel.objects.get_or_create(address="care@shop.example", defaults=kept)
    return channel.pk


def _dead_letter() -> int:
    return Incoming.objects.create(
        channel_id=_channel(), source_key="imap:1:1", raw=b"Subject: x", digest=b"", received_at=clock.now(),
        state="dead", trouble="It took longer than 60 seconds to understand.",
    ).pk  # fmt: skip


def _form() -> int:
    """A form with questions of its own, that a site may show."""
    known = forms.door_of("contact")
    return (known or make_form(sites=("https://shop.example",), intro="We answer within a day.")).id


def _portal_link() -> str:
    """A link that was mailed to Ada."""
    ada = Customer.objects.filter(email="ada@example.com").first() or make_customer("Ada", email="ada@example.com")
    ask(ada.pk, Channel.objects.filter(address="help@shop.example").first() or make_mailbox())
    who = links.known("ada@example.com")
    made = links.make(who, request=token_hex(8)) if who else None
    return f"/portal/link/{made.token}/" if made else "/portal/"


def _app() -> None:
    with_app(Agent.objects.get())


# What an owner opens who proved themselves minutes ago: the address, or what makes it.
INSIDE: dict[str, str | Callable[[], str]] = {
    "home": "/",
    "home_figures": "/home/figures/",
    "customers:list": "/customers/",
    "customers:profile": lambda: f"/customers/{_customer()}/",
    "customers:timeline": lambda: f"/customers/{_customer()}/timeline/",
    "customers:duplicates": lambda: f"/customers/{_customer()}/duplicates/",
    "customers:merge": lambda: f"/customers/{_customer()}/merge/",
    "customers:erasure": lambda: f"/customers/{_customer()}/erasure/",
    "desk:inbox": "/inbox/?view=all",
    "desk:views": "/inbox/views/",
    "desk:view_create": "/inbox/views/new/?view=unassigned",
    "desk:view_change": lambda: f"/inbox/views/{_view()}/",
    "desk:bulks": "/inbox/bulk/",
    "desk:bulk_answer": lambda: f"/inbox/bulk/answer/?macro={_macro()}&ids={_conversation()}",
    "desk:bulk": lambda: f"/inbox/bulk/{_bulk()}/",
    "desk:conversation": lambda: f"/inbox/conversations/{_conversation()}/",
    "desk:earlier": lambda: f"/inbox/conversations/{_conversation()}/earlier/",
    "desk:details": lambda: f"/inbox/conversations/{_conversation()}/details/",
    "desk:start": lambda: f"/inbox/new/?customer={_customer()}",
    "desk:macros": lambda: _macro() and f"/inbox/conversations/{_conversation()}/macros/",
    "desk:merge": lambda: f"/inbox/conversations/{_conversation()}/merge/",
    "desk:link": lambda: f"/inbox/conversations/{_conversation()}/link/",
    "desk:split": lambda: f"/inbox/messages/{_message()}/split/",
    "numbers:page": "/numbers/",
    "numbers:behind": "/numbers/conversations/?measure=began",
    "retention:page": "/retention/",
    "retention:survival": "/retention/survival/",
    "retention:revenue": "/retention/revenue/",
    "retention:value": "/retention/value/",
    "retention:at_risk": "/retention/at-risk/",
    "retention:model_card": "/retention/model-card/",
    "imports:list": "/import/",
    "settings:index": "/settings/",
    "settings:people": "/settings/people/",
    "settings:keys": "/settings/keys/",
    "settings:rejected": _rejected,
    "desk:sides": lambda: f"/inbox/conversations/{_conversation()}/sides/",
    "desk:side": lambda: f"/inbox/sides/{_side()}/",
    "settings:company": "/settings/company/",
    "settings:channels": lambda: _channel() and "/settings/channels/",
    "settings:channel_new": "/settings/channels/new/",
    "settings:channel": lambda: f"/settings/channels/{_channel()}/",
    "settings:suppressed": "/settings/channels/suppressed/",
    "settings:dead_letters": lambda: _dead_letter() and "/settings/channels/dead-letters/",
    "settings:forms": lambda: _form() and "/settings/forms/",
    "settings:form_new": "/settings/forms/new/",
    "settings:form": lambda: f"/settings/forms/{_form()}/",
    "settings:form_field_new": lambda: f"/settings/forms/{_form()}/questions/new/",
    "settings:form_field": lambda: f"/settings/forms/{_form()}/questions/order/",
    "settings:targets": _targets,
    "settings:target_new": "/settings/targets/new/",
    "settings:target": "/settings/targets/0/",
    "settings:hours_new": "/settings/targets/hours/new/",
    "settings:hours": "/settings/targets/hours/0/",
    "settings:teams": lambda: _team() and "/settings/teams/",
    "settings:team_new": "/settings/teams/new/",
    "settings:team": lambda: f"/settings/teams/{_team()}/",
    "settings:rules": lambda: _rule() and "/settings/rules/",
    "settings:webhooks": lambda: _webhook() and "/settings/webhooks/",
    "settings:webhook": lambda: f"/settings/webhooks/{_webhook()}/",
    "settings:rule_new": "/settings/rules/new/",
    "settings:rule": lambda: f"/settings/rules/{_rule()}/",
    "settings:macros": lambda: _macro() and "/settings/macros/",
    "settings:macro_new": "/settings/macros/new/",
    "settings:macro": lambda: f"/settings/macros/{_macro()}/",
    "settings:fields": lambda: _field() and "/settings/fields/",
    "settings:field_new": "/settings/fields/new/?kind=choice",
    "settings:field": lambda: f"/settings/fields/{_field()}/",
    "settings:labels": lambda: _label() and "/settings/labels/",
    "settings:label": lambda: f"/settings/labels/{_label()}/",
    "settings:label_joining": lambda: f"/settings/labels/{_label()}/joining/?into={labels.find_or_make('Slow').pk}",
    "settings:moved_in": lambda: _moved_in() and "/settings/moved-in/",
    "settings:export": "/settings/export/",
    "settings:security": "/settings/security/",
    "settings:audit": "/settings/audit/",
    "welcome:ready": "/welcome/ready/",
    "account_logout": "/account/logout/",
    "account_reauthenticate": "/account/reauthenticate/",
    "account_email": "/account/email/",
    "account_change_password": "/account/password/change/",
    "mfa_index": "/account/2fa/",
    "mfa_activate_totp": "/account/2fa/totp/activate/",
    "mfa_list_webauthn": "/account/2fa/webauthn/",
    "mfa_add_webauthn": "/account/2fa/webauthn/add/",
    "mfa_deactivate_totp": lambda: _app() or "/account/2fa/totp/deactivate/",
    "mfa_reauthenticate": "/account/2fa/reauthenticate/",
    "mfa_generate_recovery_codes": "/account/2fa/recovery-codes/generate/",
    "mfa_view_recovery_codes": "/account/2fa/recovery-codes/",
    "usersessions_list": "/account/sessions/",
    # Last, because the keys they make open nothing.
    "mfa_edit_webauthn": lambda: f"/account/2fa/webauthn/keys/{_passkey()}/edit/",
    "mfa_remove_webauthn": lambda: f"/account/2fa/webauthn/keys/{_passkey()}/remove/",
}

# What somebody opens who is not signed in.
OUTSIDE: dict[str, str | Callable[[], str]] = {
    "account_login": "/account/login/",
    "account_request_login_code": "/account/login/code/",
    "account_reset_password": "/account/password/reset/",
    "account_password_reset_completed": "/account/password/reset/done/",
    "account_inactive": "/account/inactive/",
    "account_signup": "/account/signup/",
    "forms:show": lambda: _form() and "/form/contact/",
    "forms:thanks": lambda: _form() and "/form/contact/thanks/",
    "forms:embed": lambda: _form() and "/form/contact/embed/",
    "forms:embed_thanks": lambda: _form() and "/form/contact/embed/thanks/",
    "portal:sign_in": lambda: page_settings.change("portal_mailbox", str(_channel()), by=SYSTEM) and "/portal/",
    "portal:sent": "/portal/sent/",
    "portal:link": _portal_link,
    "welcome:first_owner": lambda: urlsplit(str(first_owner.link())).path,
    "welcome:invitation": lambda: urlsplit(invitations.invite("eva@shop.example", role="agent", by=SYSTEM)).path,
}


def _ask_for_code(page: Page, ines: Agent) -> None:
    page.goto("/account/login/code/")
    page.get_by_label("Email").fill(ines.email)
    page.get_by_role("button", name="Send the code").click()


def _forget_password(page: Page, ines: Agent) -> None:
    page.goto("/account/password/reset/")
    page.get_by_label("Email").fill(ines.email)
    page.get_by_role("button", name="Send the code").click()


def _forget_and_prove(page: Page, ines: Agent) -> None:
    _forget_password(page, ines)
    page.get_by_label("Code").fill(mailed_code())
    page.get_by_role("button", name="Confirm").click()


def _face_second_factor(page: Page, ines: Agent) -> None:
    _app()
    enter_password(page, ines)


def _change_address(page: Page, ines: Agent) -> None:
    enter_password(page, ines)
    page.goto("/account/email/")
    page.locator("[name=email][type=email]").fill("ines.prado@shop.example")
    page.get_by_role("button", name="Change the address").click()


def _have_no_password(page: Page, ines: Agent) -> None:
    enter_password(page, ines)
    page.goto("/account/password/change/")
    ines.set_unusable_password()
    ines.save()
    _open_link(page, ines)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/account/password/set/")


def _open_link(page: Page, ines: Agent) -> None:
    page.goto(urlsplit(str(one_time_links.sign_in_link(ines.email, by=SYSTEM))).path)


def _see_secret(page: Page, ines: Agent) -> None:
    enter_password(page, ines)
    page.goto(f"/settings/keys/{_browser_key()}/secret/")
    if "reauthenticate" in page.url:
        prove(page)


def _enter_portal(page: Page, ines: Agent) -> None:
    _form()
    page.goto(_portal_link())
    page.get_by_role("button", name="Sign in").click()


def _read_in_portal(page: Page, ines: Agent) -> None:
    _enter_portal(page, ines)
    page.get_by_role("link", name="Where is my order?").click()


def _open_import(page: Page, ines: Agent) -> None:
    enter_password(page, ines)
    page.goto(f"/import/{_import()}/")


def _prove_by_passkey(page: Page, ines: Agent) -> None:
    plug_in(page)
    enter_password(page, ines)
    page.goto("/account/2fa/webauthn/add/")
    prove(page)
    page.get_by_role("button", name="Add a passkey").click()
    page.locator("#codes").wait_for()
    page.goto("/account/2fa/webauthn/reauthenticate/")


# What one only comes to by doing something first.
STEPS: dict[str, Callable[[Page, Any], None]] = {
    "account_confirm_login_code": _ask_for_code,
    "account_confirm_password_reset_code": _forget_password,
    "account_complete_password_reset": _forget_and_prove,
    "mfa_authenticate": _face_second_factor,
    "mfa_reauthenticate_webauthn": _prove_by_passkey,
    "account_email_verification_sent": _change_address,
    "account_set_password": _have_no_password,
    "welcome:sign_in_link": _open_link,
    "settings:key_secret": _see_secret,
    "imports:show": _open_import,
    "portal:conversations": _enter_portal,
    "portal:conversation": _read_in_portal,
}

ACT, PART, FILE = "takes a form only", "a part of a page, or an answer to a script", "a file"
DOOR = "mail services call it"
NO_PAGE: dict[str, str] = {
    "settings:channel_connection": "leads to whoever gives tokens for a mailbox",
    "settings:channel_connected": "where they lead back to; it leads on to the mailbox",
    "mail_in:mail": DOOR,
    "mail_in:whole_mail": DOOR,
    "mail_in:events": DOOR,
    **dict.fromkeys(
        [
            "look",
            "keyboard",
            "customers:name",
            "customers:company",
            "customers:labels",
            "customers:label_removal",
            "customers:attributes",
            "customers:attribute_removal",
            "customers:consents",
            "customers:merge_undo",
            "customers:export",
            "desk:bulks_begin",
            "desk:bulk_undo",
            "desk:view_move",
            "desk:view_delete",
            "desk:start_draft",
            "desk:start_draft_removal",
            "desk:start_files",
            "desk:replies",
            "desk:notes",
            "desk:resolution",
            "desk:resolution_removal",
            "desk:snooze",
            "desk:turn",
            "desk:assignment",
            "desk:team",
            "desk:priority",
            "desk:language",
            "desk:labels",
            "desk:label_removal",
            "desk:kind",
            "desk:subject",
            "desk:fields",
            "desk:spam",
            "desk:spam_removal",
            "desk:watch",
            "desk:watch_removal",
            "desk:reply_undo",
            "desk:reply_again",
            "desk:side_messages",
            "desk:side_closing",
            "desk:side_closing_removal",
            "desk:side_undo",
            "desk:side_again",
            "desk:merge_undo",
            "desk:split_undo",
            "desk:link_removal",
            "desk:macro_use",
            "desk:macro_undo",
            "settings:macro_copy",
            "settings:macro_retirement",
            "imports:check",
            "imports:run",
            "imports:cancel",
            "settings:export_create",
            "settings:moved_in_fetching",
            "settings:role",
            "settings:deactivation",
            "settings:reactivation",
            "settings:second_factor_reset",
            "settings:invitations",
            "settings:invitation_revocation",
            "settings:key_revocation",
            "settings:channel_pause",
            "settings:channel_resume",
            "settings:channel_look",
            "settings:channel_door",
            "settings:suppressed_lifting",
            "settings:channel_archive",
            "settings:dead_letter_again",
            "settings:form_pause",
            "settings:form_resume",
            "settings:form_archive",
            "settings:form_field_rise",
            "settings:form_field_removal",
            "settings:portal",
            "portal:leave",
            "portal:leave_everywhere",
            "portal:replies",
            "portal:solution",
            "numbers:reports",
            "numbers:report_removal",
            "settings:hours_removal",
            "settings:target_removal",
            "settings:target_rise",
            "settings:team_archive",
            "settings:routes",
            "settings:seat",
            "settings:away",
            "settings:webhook_secret",
            "settings:webhook_pause",
            "settings:webhook_removal",
            "settings:webhook_test",
            "settings:webhook_again",
            "settings:webhook_span",
            "settings:rule_pause",
            "settings:field_move",
            "settings:field_retirement",
            "settings:label_removal",
            "settings:rule_move",
            "settings:rule_removal",
            "desk:presence",
        ],
        ACT,
    ),
    **dict.fromkeys(
        [
            "customers:search",
            "desk:drafts",
            "desk:news",
            "desk:row",
            "desk:counts",
            "desk:side_new_draft",
            "desk:side_draft",
            "desk:side_lines",
            "desk:macro_names",
            "desk:bulk_more",
            "desk:files",
            "desk:mail",
            "desk:side_mail",
            "portal:mail",
            "imports:progress",
            "retention:again",
            "mfa_login_webauthn",
        ],
        PART,
    ),
    **dict.fromkeys(
        [
            "desk:file",
            "desk:side_file",
            "desk:inline",
            "portal:file",
            "portal:inline",
            "imports:rejected",
            "settings:audit_csv",
            "settings:export_file",
            "settings:dead_letter_raw",
            "numbers:behind_table",
            "numbers:chart",
            "numbers:table",
            "numbers:svg",
            "numbers:png",
            "retention:survival_curves",
            "retention:survival_table",
            "retention:survival_svg",
            "retention:survival_png",
            "retention:revenue_chart",
            "retention:revenue_table",
            "retention:revenue_svg",
            "retention:revenue_png",
            "retention:value_chart",
            "retention:value_steps",
            "retention:value_svg",
            "retention:value_png",
            "retention:value_table",
            "retention:at_risk_table",
            "retention:model_card_chart",
            "retention:curves",
            "retention:table",
            "retention:svg",
            "retention:png",
            "mfa_download_recovery_codes",
        ],
        FILE,
    ),
}
