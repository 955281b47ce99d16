"""Reducing ahead of the question: the usual forms are brought up to date as facts come in."""

from regulars.insights import reduced
from regulars.insights.definitions import Meant
from regulars.insights.models import FactCount
from regulars.kernel import page_settings

# A page asks about these first; the rest is reduced when somebody asks.
MOST_NAMES = 12


def keep_ready() -> int:
    """Bring the most frequent names up to date in the company's zone; returns how many names there were."""
    zone = page_settings.value("time_zone")
    names = FactCount.objects.order_by("-rows", "name").values_list("name", flat=True)[:MOST_NAMES]
    for name in names:
        reduced.form(Meant(name), zone=zone)
    return len(names)
