"""Working ahead of the question: the usual forms and the usual answer are brought up to date as facts come in."""

from contextlib import suppress

from regulars.insights import reduced, reduced_revenue
from regulars.insights.definitions import Meant
from regulars.insights.models import FactCount
from regulars.insights.selectors import retention
from regulars.kernel import page_settings
from regulars.kernel.errors import Invalid

# A page asks about these first; the rest is reduced when somebody asks.
MOST_NAMES = 12


def keep_ready() -> int:
    """Bring the most frequent names up to date in the company's zone, the usual answer first; returns how many names.

    Whoever opens the page first after a start finds the answer on disk, whatever process they reach. Where nothing
    was reduced yet, as after a large import or an erasure, only that answer is worked out: somebody may be waiting for
    it right now, and the rest would take the processor from them. It follows the next time.
    """
    zone = page_settings.value("time_zone")
    usual, is_anything_reduced = retention.usual_question(zone), reduced.is_anything_kept()
    if usual is not None:
        with suppress(Invalid):  # nothing to answer yet, which the page says itself
            retention.answer(usual)
    if usual is not None and not is_anything_reduced:
        return 1
    names = FactCount.objects.order_by("-rows", "name").values_list("name", flat=True)[:MOST_NAMES]
    for name in names:
        reduced.form(Meant(name), zone=zone)
    if names:
        reduced_revenue.keep_ready(zone=zone, currency=page_settings.value("currency"))
    return len(names)
