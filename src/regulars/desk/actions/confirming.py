"""Telling whoever filled in a form that it came.

The mail carries nothing of what was typed: the address may be somebody else's, and a form must not be a
way to send strangers one's own words. It is marked as written by a machine and capped as all such mail
is, and it belongs to the conversation: an answer to it comes back there.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from regulars.channels.actions import deliveries
from regulars.channels.letters import Letter
from regulars.channels.selectors import forms
from regulars.channels.webform.definitions import Form
from regulars.desk.actions import portal_links
from regulars.desk.models import Conversation, Message
from regulars.kernel import page_settings


def confirm(held: Conversation, message: Message, *, form: Form, to: str, language: str) -> None:
    """Queue the mail, if the form has a mailbox; the message gets its Message-ID, which answers then name."""
    mailbox = forms.mailbox(form.mailbox_id)
    if mailbox is None:
        return
    with translation.override(language or None):
        letter = Letter(
            channel_id=mailbox.pk,
            conversation_id=held.pk,
            to=[{"name": "", "address": to}],
            subject=_("We have your message (%(form)s)") % {"form": form.title},
            text=_text(held),
            is_automatic=True,
        )
    delivery = deliveries.queue(letter, about=f"form-confirmation:{message.pk}", customer_id=held.customer_id)
    message.external_id = delivery.external_id
    message.save(update_fields=["external_id"])


def _text(held: Conversation) -> str:
    company = page_settings.value("company_name")
    parts = [
        _("Hello,"),
        _("thank you for writing to us. Your message has arrived, and somebody will answer you by mail."),
        _("If something is missing, answer this mail."),
    ]
    if portal_links.mailbox() is not None:
        address = settings.PUBLIC_URL + reverse("portal:conversation", args=[held.pk])
        parts.append(_("You can also read and continue the conversation here:\n%(address)s") % {"address": address})
    parts.append(_("If you did not write to us, somebody entered your address by mistake. You need not do anything."))
    return "\n\n".join([*parts, company] if company else parts)
