"""Settings an owner or a manager changes on a page. Environment over page over default."""

import json
from collections.abc import Callable
from typing import Final
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from regulars.kernel import clock, settings_table
from regulars.kernel.actors import Actor
from regulars.kernel.currencies import CURRENCIES
from regulars.kernel.errors import DomainError, Invalid
from regulars.kernel.looking import Part
from regulars.kernel.models import PageSetting

LONGEST_NAME = 200
SETTINGS: Final[Part[dict[str, str]]] = Part(
    "settings", "SELECT coalesce(json_object_agg(name, value), '{}') FROM kernel_pagesetting", json.loads
)


class SetElsewhere(DomainError):
    """This setting is fixed by whoever runs Regulars, so it cannot be changed here."""


def value(name: str) -> str:
    """The value now; every process agrees at once, for nothing is kept longer than a look (`kernel.looking`)."""
    return values(name)[name]


def values(*names: str) -> dict[str, str]:
    """Several values in one query."""
    for name in names:
        _on_page(name)
    kept = SETTINGS.now()
    return {name: _decide(name, kept) for name in names}


def is_fixed(name: str) -> bool:
    """Whether a flag or the environment decides, so that the page may not."""
    return settings_table.from_environment(name) is not None


def is_set(name: str) -> bool:
    """Whether somebody has chosen it on a page."""
    return name in SETTINGS.now()


def check(name: str, new: str) -> str:
    """The value as it would be kept; what cannot be used is refused with a sentence."""
    _on_page(name)
    return _CHECKS[name](new.strip())


@transaction.atomic
def change(name: str, new: str, *, by: Actor) -> bool:
    """Keep a new value and return whether it differs from the old; what cannot be used is refused."""
    new = check(name, new)
    if is_fixed(name):
        if new == value(name):
            return False
        raise SetElsewhere(
            _("This is set by %(variable)s where Regulars was started; change it there.")
            % {"variable": settings_table.TABLE[name].variable}
        )
    PageSetting.objects.get_or_create(name=name, defaults=_row(settings_table.TABLE[name].default, by=by))
    kept = PageSetting.objects.select_for_update().get(name=name)
    if kept.value == new:
        return False
    PageSetting.objects.filter(name=name).update(**_row(new, by=by))
    return True


def _row(new: str, *, by: Actor) -> dict[str, object]:
    return {"value": new, "changed_at": clock.now(), "changed_by": str(by)}


def _decide(name: str, kept: dict[str, str]) -> str:
    fixed = settings_table.from_environment(name)
    return fixed if fixed is not None else kept.get(name, settings_table.TABLE[name].default)


def _on_page(name: str) -> None:
    setting = settings_table.TABLE.get(name)
    if setting is None or not setting.on_page:
        raise KeyError(f"not a setting that a page may change: {name!r}")


def _company_name(new: str) -> str:
    if len(new) > LONGEST_NAME or any(ord(letter) < 32 for letter in new):
        raise Invalid(_("A company's name is one line of at most %(most)d letters.") % {"most": LONGEST_NAME})
    return new


def _time_zone(new: str) -> str:
    if new not in available_timezones():
        raise Invalid(_("“%(zone)s” is not a time zone. Write one such as Europe/Berlin.") % {"zone": new[:60]})
    return new


def _currency(new: str) -> str:
    if new.upper() not in CURRENCIES:
        raise Invalid(_("“%(code)s” is not a currency. Write its three letters, such as EUR.") % {"code": new[:20]})
    return new.upper()


def _week_starts(new: str) -> str:
    if new not in ("monday", "sunday"):
        raise Invalid(_("A week begins on Monday or on Sunday."))
    return new


def _portal_mailbox(new: str) -> str:
    if new and not (new.isascii() and new.isdigit() and len(new) < 19):
        raise Invalid(_("A mailbox is named by its number."))
    return new


_CHECKS: dict[str, Callable[[str], str]] = {
    "company_name": _company_name,
    "time_zone": _time_zone,
    "currency": _currency,
    "week_starts": _week_starts,
    "portal_mailbox": _portal_mailbox,
}
