"""Mails to whoever looks after the desk when a channel does not work, and when it does again."""

from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from regulars.accounts import roles
from regulars.accounts import selectors as accounts
from regulars.channels.actions import alerting
from regulars.channels.selectors import standing
from regulars.kernel import page_settings

log = structlog.get_logger(__name__)


class NobodyTold(Exception):
    """No mail left; it is said the next time."""


def tell() -> int:
    """Tell everybody who may set up the desk, each in their language; returns of how many channels."""
    try:
        return alerting.tell(partial(_say, is_over=False), partial(_say, is_over=True))
    except NobodyTold:
        return 0


def _say(channel_id: int, name: str, *, is_over: bool) -> None:
    """Mail everybody; it counts when it left for one of them, so that nobody gets it twice for another's address."""
    people = [agent for agent in accounts.agents().filter(deactivated_at=None) if _looks_after(agent)]
    left = sum(_mailed(agent, channel_id, name, is_over=is_over) for agent in people)
    if people and not left:
        raise NobodyTold


def _looks_after(agent: Any) -> bool:
    return roles.is_allowed(agent.role, "manage_desk")


def _mailed(agent: Any, channel_id: int, name: str, *, is_over: bool) -> bool:
    with translation.override(agent.language or settings.LANGUAGE_CODE):
        words = {
            "company": page_settings.value("company_name") or "Regulars",
            "channel": name,
            "trouble": "" if is_over else _trouble_of(channel_id),
            "url": f"{settings.PUBLIC_URL}{reverse('settings:channel', args=[channel_id])}",
        }
        subject = _("“%(channel)s” works again") if is_over else _("“%(channel)s” does not work")
        text = render_to_string(f"settings/mail/channel_{'works' if is_over else 'trouble'}.txt", words)
        try:
            send_mail(" ".join((subject % words).split()), text, None, [agent.email])
        except OSError as error:  # smtplib's errors are OSErrors
            log.warning("a channel's trouble was not mailed", channel_id=channel_id, error=str(error))
            return False
        return True


def _trouble_of(channel_id: int) -> str:
    """Asked for once more for each reader: its words come in the language of who asks."""
    return "\n".join(each.words for each in standing.troubles() if each.channel_id == channel_id)
