"""Spans as people say them."""

from django.utils.translation import gettext as _

from regulars.web.templatetags.house import whole

MINUTE, HOUR, DAY = 60, 3600, 86_400


def lasted(seconds: float | None, *, is_business: bool) -> str:
    """ "4 h 10 min". Business time stays in hours, because nobody knows how long a business day is."""
    if seconds is None:
        return ""
    if seconds < MINUTE:
        return _("%(n)s s") % {"n": round(seconds)}
    if seconds < HOUR:
        return _("%(n)s min") % {"n": int(seconds // MINUTE)}
    if seconds < 2 * DAY or is_business:
        hours, minutes = int(seconds // HOUR), int(seconds % HOUR // MINUTE)
        if not minutes or hours >= 100:
            return _("%(n)s h") % {"n": whole(hours)}
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    days, hours = int(seconds // DAY), int(seconds % DAY // HOUR)
    return _("%(days)s d %(hours)s h") % {"days": whole(days), "hours": hours}
