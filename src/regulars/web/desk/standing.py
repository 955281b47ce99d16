"""How a conversation stands, and the menus that change it."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.accounts import colleagues
from regulars.desk.selectors import due, threads, wording
from regulars.desk.selectors.threads import Conversation
from regulars.kernel import clock, page_settings
from regulars.kernel.looking import Shared
from regulars.web.desk import language_words, side_reading, words
from regulars.web.middleware import AgentRequest
from regulars.web.templatetags.house import when

MORNING = time(9)
LATE = 20  # o'clock; after it nothing is “later today”


def context(request: AgentRequest, found: Conversation, *, agents: dict[int, str]) -> dict[str, Any]:
    """What the head of the conversation shows and offers."""
    return {
        "subject": found.subject or _("Without a subject"),
        "status": words.STATUSES[found.status],
        "status_tone": words.STATUS_TONES[found.status],
        "kind": words.KINDS[found.kind],
        "kinds": words.KINDS,
        "priority": words.PRIORITIES[found.priority],
        "priority_tone": words.PRIORITY_TONES[found.priority],
        "priorities": words.PRIORITIES,
        "language": language_words.name(found.language),
        "languages": language_words.often(),
        "channel_kind": words.CHANNELS.get(found.channel.kind, found.channel.kind),
        "until": format_html(" · {}", when(found.snoozed_until, "moment")) if found.status == "snoozed" else "",
        "assignee": (has_it := agents.get(found.assignee_id or 0)),
        "whose": has_it or _("Nobody"),
        "team": found.team or _("No team"),
        "has_teams": bool(colleagues.teams().present),
        "is_mine": found.assignee_id == request.actor.id,
        "colleagues": colleagues.colleagues().answering_before(request.actor.id),
        "worn": threads.labels_of(found),
        "all_labels": wording.labels(),
        "later": later(),
        "is_watched": threads.is_watched(found, by=request.actor),
        "sides": side_reading.strip(found),
        "clock_chips": _chips([_clock(one) for one in due.running_clocks(found)]),
    }


def _chips(clocks: list[dict[str, Any]]) -> str:
    """How near each promise is: another with every minute, so it is never kept."""
    return get_template("desk/clock_chips.html").render({"clocks": clocks}) if clocks else ""


def _clock(running: due.Clock) -> dict[str, Any]:
    """A promise as a mark: what of, when, and how near."""
    now = clock.now()
    is_late = running.due_at is not None and running.due_at < now
    is_near = running.warn_at is not None and running.warn_at <= now
    return {
        "of": words.CLOCKS[running.kind],
        "due_at": running.due_at,
        "target": running.target,
        "is_late": is_late,
        "tone": "bad" if is_late else "warn" if is_near else "",
    }


def later() -> Shared[tuple[str, datetime]]:
    """Moments to put a conversation aside until, in the company's time, soonest first and each once."""
    at = zone()
    return _later(localtime(clock.now(), at).replace(minute=0, second=0, microsecond=0), at, get_language())


@lru_cache(maxsize=100)
def _later(now: datetime, at: ZoneInfo, _language: str | None) -> Shared[tuple[str, datetime]]:
    today = now.date()
    choices = {
        now + timedelta(hours=3): _("Later today"),
        _morning(today + timedelta(days=7), at): _("In a week"),
        _morning(today + timedelta(days=7 - today.weekday()), at): _("On Monday"),
        _morning(today + timedelta(days=1), at): _("Tomorrow morning"),
    }
    if now.hour >= LATE:
        choices.pop(next(iter(choices)))
    return Shared(sorted(((name, moment) for moment, name in choices.items()), key=lambda choice: choice[1]))


def zone() -> ZoneInfo:
    """The company's time zone, in which a day begins and ends."""
    return ZoneInfo(page_settings.value("time_zone"))


def _morning(day: date, at: ZoneInfo) -> datetime:
    return datetime.combine(day, MORNING, tzinfo=at)
