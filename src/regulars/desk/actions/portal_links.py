"""Mailing a customer the link that signs them in, without telling anybody whether they are known."""

import secrets
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from regulars.channels.actions import deliveries
from regulars.channels.letters import Letter
from regulars.channels.selectors import forms
from regulars.channels.selectors.forms import Channel
from regulars.customers.portal import links
from regulars.kernel import jobs, page_settings

MAIL: Final = "desk.mail_portal_link"
ABOUT: Final = "portal-link:"


def mailbox() -> Channel | None:
    """The mailbox that sends the links; none where nobody chose one, and then nobody can sign in by mail."""
    chosen = page_settings.value("portal_mailbox")
    return forms.mailbox(int(chosen)) if chosen.isdecimal() else None


@transaction.atomic
def ask(address: str, *, language: str, conversation_id: int | None = None) -> None:
    """Have a link mailed if the address is known: the same question and the same job whether it is or not."""
    who = links.known(address)
    jobs.defer(
        MAIL,
        customer_id=who.customer_id if who else 0,
        identity_id=who.identity_id if who else 0,
        request=secrets.token_urlsafe(12),
        language=language,
        conversation_id=conversation_id or 0,
    )


@transaction.atomic
def mail(identity_id: int, *, request: str, language: str, conversation_id: int) -> bool:
    """Make the link and queue its mail; false when nobody is to get one. May run twice for one request."""
    who, box = links.known_by(identity_id), mailbox()
    made = links.make(who, request=request) if who and box else None
    if who is None or box is None or made is None:
        return False
    address = settings.PUBLIC_URL + reverse("portal:link", args=[made.token])
    if conversation_id:
        address = f"{address}?conversation={conversation_id}"
    with translation.override(language or None):
        company = page_settings.value("company_name") or box.name
        letter = Letter(
            channel_id=box.pk,
            to=[{"name": "", "address": who.address}],
            subject=_("Your link to your conversations with %(company)s") % {"company": company},
            text=_text(address, company=company),
            is_automatic=True,
            is_wanted=True,
        )
    deliveries.queue(letter, about=f"{ABOUT}{made.id}", customer_id=who.customer_id)
    return True


def forget(about: str) -> None:
    """Once its mail left or failed, the link stands nowhere any more but in the mail."""
    if about.startswith(ABOUT):
        deliveries.forget_words(about)


def _text(address: str, *, company: str) -> str:
    parts = [
        _("Hello,"),
        _("with this link you can read and continue your conversations with us:\n%(address)s") % {"address": address},
        _("It works once, for 30 minutes. Open it in the browser in which you want to read."),
        _("If you did not ask for it, somebody typed your address by mistake. Without this mail nobody gets in."),
        company,
    ]
    return "\n\n".join(parts)
