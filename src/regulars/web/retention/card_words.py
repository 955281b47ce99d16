"""What a model card comes to, in sentences for whoever works with the list and never heard of an AUC."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.insights.selectors.scores import ModelCard
from regulars.insights.sentences import words
from regulars.kernel import clock
from regulars.web.templatetags.house import percent, whole

MODELS: Final[dict[str, str | Promise]] = {
    "recency alone": gettext_lazy("Only how long ago the last order was"),
    "probability alive (BG/NBD)": gettext_lazy("Only when orders came: still a customer? (BG/NBD)"),
    "logistic regression": gettext_lazy("Everything known, weighed (logistic regression)"),
    "boosted trees": gettext_lazy("Everything known, in trees (boosted trees)"),
}
ROLES: Final[dict[str, str | Promise]] = {
    "train": gettext_lazy("learning"),
    "calibration": gettext_lazy("setting the percentages right"),
    "test": gettext_lazy("checking"),
}
_GOOD: Final = 0.8
_FAIR: Final = 0.7


def sentences(card: ModelCard) -> list[str]:
    """On what it was checked, how well it ranks, what the first tenth holds, how right its percentages are."""
    return [_checked(card), _ranking(card), _first_tenth(card), _percentages(card), _simplest(card)]


def own_words(card: ModelCard) -> list[str]:
    """What it learnt from, what leaving means, what it was compared with, and how its percentages were set right."""
    return [
        _looked(card),
        *_meaning(card),
        *_compared(card),
        words(card.calibrated_by),
    ]


def standing(card: ModelCard) -> str:
    """The verdict in a few words."""
    ranks = card.quality.auc.value
    if ranks >= _GOOD:
        return _("A good guide to whom to look after first")
    if ranks >= _FAIR:
        return _("A fair guide to whom to look after first")
    return _("A weak guide: better than chance, and often wrong about one customer")


def name_of(model: str) -> str:
    """A contender as people call it."""
    return str(MODELS.get(model, model))


def compared_from(card: ModelCard, first_at: datetime | None) -> str:
    """The day from which predictions can be held against what happened; empty where it has come or is not known."""
    if card.definition is None or first_at is None:
        return ""
    when = first_at + timedelta(days=card.definition.gap_days + card.definition.horizon_days)
    return date_format(when.date()) if when > clock.now() else ""


def _looked(card: ModelCard) -> str:
    rows, left = sum(part.rows for part in card.parts), sum(part.left for part in card.parts)
    text = _("%(rows)s looks at customers on %(days)s days; %(left)s of them left.")
    return text % {"rows": whole(rows), "days": whole(len(card.landmarks)), "left": whole(left)}


def _meaning(card: ModelCard) -> list[str]:
    if card.definition is None:
        return []
    text = _(
        "At risk is who ordered within the %(active)s days before; left is who orders nothing in the %(horizon)s days "
        "that begin %(gap)s days later. It was checked on later days than those it learnt from, and nobody is in both."
    )
    asked = card.definition
    return [text % {"active": asked.active_days, "horizon": asked.horizon_days, "gap": asked.gap_days}]


def _compared(card: ModelCard) -> list[str]:
    """The model in use against each other one: how much higher its AUC is."""
    return [
        _("“%(better)s” beside “%(than)s”: AUC %(gain)s (%(low)s to %(high)s).")
        % {
            "better": name_of(found.better), "than": name_of(found.than), "gain": f"{found.auc.value:+.3f}",
            "low": f"{found.auc.low:+.3f}", "high": f"{found.auc.high:+.3f}",
        }
        for found in card.differences
        if card.shipped in (found.better, found.than)
    ]  # fmt: skip


def _checked(card: ModelCard) -> str:
    """In a table there is no part for testing alone: every row is predicted by models that never saw it."""
    checked = next((part for part in card.parts if part.role == "test"), card.parts[0])
    text = ngettext(
        "It was checked on %(rows)s look at customers it had not learnt from; %(left)s of them left.",
        "It was checked on %(rows)s looks at customers it had not learnt from; %(left)s of them left.",
        checked.rows,
    )
    return text % {"rows": whole(checked.rows), "left": whole(checked.left)}


def _ranking(card: ModelCard) -> str:
    words = {"share": round(100 * card.quality.auc.value)}
    return _(
        "Take somebody who left and somebody who stayed: in %(share)s of 100 such pairs the one who left had "
        "the higher risk. 50 would be guessing."
    ) % words  # fmt: skip


def _first_tenth(card: ModelCard) -> str:
    lift = card.quality.lift
    words = {"times": f"{lift.value:.1f}", "low": f"{lift.low:.1f}", "high": f"{lift.high:.1f}"}
    return _(
        "Among the tenth with the highest risk there are %(times)s times as many leavers as in a tenth taken at random "
        "(%(low)s to %(high)s)."
    ) % words  # fmt: skip


def _percentages(card: ModelCard) -> str:
    rows = sum(line.rows for line in card.calibration)
    predicted = sum(line.predicted * line.rows for line in card.calibration) / rows
    happened = sum(line.happened * line.rows for line in card.calibration) / rows
    words: dict[str, Any] = {"predicted": percent(predicted), "happened": percent(happened)}
    if card.quality.intercept.low <= 0 <= card.quality.intercept.high:
        text = _(
            "Its percentages were about right, as far as can be told: %(predicted)s were expected to leave, "
            "and %(happened)s did."
        )
    elif predicted > happened:
        text = _("Its percentages were too high: %(predicted)s were expected to leave, and %(happened)s did.")
    else:
        text = _("Its percentages were too low: %(predicted)s were expected to leave, and %(happened)s did.")
    return text % words


def _simplest(card: ModelCard) -> str:
    words = {"model": name_of(card.shipped)}
    return _("Of what was tried, the simplest is in use that nothing else beats: “%(model)s”.") % words
