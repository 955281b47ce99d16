"""Spans of business time as people type them."""

import re

from django import forms
from django.utils.translation import gettext as _

_SPAN = re.compile(r"(?:(?P<hours>\d{1,4})\s*h\w*)?\s*(?:(?P<minutes>\d{1,5})\s*(?:m\w*)?)?", re.IGNORECASE)


def write_span(seconds: int | None) -> str:
    """The text that `SpanField` reads back."""
    if not seconds:
        return ""
    hours, minutes = divmod(round(seconds / 60), 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)


class SpanField(forms.CharField):
    """ "4 h", "30 min" or "1 h 30 min" as seconds; null when left empty. A bare number is minutes."""

    def clean(self, value: str) -> int | None:
        text = super().clean(value).strip()
        if not text:
            return None
        found = _SPAN.fullmatch(text)
        if found is None or not any(found.groups()):
            raise forms.ValidationError(_("Write it as 4 h, 30 min or 1 h 30 min."))
        return int(found["hours"] or 0) * 3600 + int(found["minutes"] or 0) * 60
