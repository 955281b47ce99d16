"""The words: no stronger than the evidence, and useful to somebody who has two minutes."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tenure.pages import page

if TYPE_CHECKING:
    from tenure.effect.observed_results import Asked, Described, NotIdentifiable, Observed

_HELPS = (
    "What would help: customers like these treated both ways, for instance by letting chance decide who comes first "
    "where it does not matter, a longer period, or recording what decided."
)


def of_observed(answer: Observed) -> str:
    """By level of evidence, and by whether the interval leaves out zero."""
    said = {"randomised": _randomised, "adjusted": _adjusted, "described": _only_described}
    return said[answer.evidence](answer)


def of_not_identifiable(answer: NotIdentifiable) -> str:
    return (
        f"Whether “{answer.asked.treatment}” changes “{answer.asked.outcome}” cannot be read from these data: "
        f"{'; '.join(answer.reasons)}. {plainly(answer.asked, answer.described)} {_HELPS}"
    )


def plainly(asked: Asked, described: Described) -> str:
    """The two groups as they were."""
    return (
        f"Of the groups as they were, “{asked.outcome}” is {share(asked, described.treated)} with "
        f"“{asked.treatment}” and {share(asked, described.untreated)} without, which only describes them."
    )


def _randomised(answer: Observed) -> str:
    asked, e = answer.asked, answer.estimate
    if not e.is_clear:
        return (
            f"Chance decided about “{asked.treatment}”, and no effect on “{asked.outcome}” is shown yet: "
            f"{apart(asked, e.value)}, and anything from {apart(asked, e.low)} to {apart(asked, e.high)} fits."
        )
    return (
        f"“{asked.treatment}” {_moves(e.value)} “{asked.outcome}” by {size(asked, e.value)} "
        f"({apart(asked, e.low)} to {apart(asked, e.high)}). Chance decided who was treated, so this is its doing."
    )


def _adjusted(answer: Observed) -> str:
    asked, e = answer.asked, answer.estimate
    plain = answer.described.difference
    if not e.is_clear:
        looks = "looks clear but" if plain.is_clear else "is no proof either, and"
        return (
            f"Comparing like with like, no effect of “{asked.treatment}” on “{asked.outcome}” is shown: "
            f"{apart(asked, e.value)}, and anything from {apart(asked, e.low)} to {apart(asked, e.high)} fits what was "
            f"seen. The plain difference of {apart(asked, plain.value)} {looks} compares customers who were different "
            f"to begin with."
        )
    return (
        f"Comparing like with like, “{asked.outcome}” is {size(asked, e.value)} {_more(e.value)} with "
        f"“{asked.treatment}” ({apart(asked, e.low)} to {apart(asked, e.high)}; plainly {apart(asked, plain.value)}). "
        f"This was not a trial: {_strength(answer)}"
    )


def _only_described(answer: Observed) -> str:
    failed = " ".join(one.sentence for one in answer.controls if not one.is_null)
    return (
        f"{plainly(answer.asked, answer.described)} Comparing like with like leaves "
        f"{apart(answer.asked, answer.estimate.value)} ({apart(answer.asked, answer.estimate.low)} to "
        f"{apart(answer.asked, answer.estimate.high)}), but that must not be called an effect. {failed}"
    )


def _strength(answer: Observed) -> str:
    found, strongest = answer.sensitivity, answer.sensitivity.strongest
    words = (
        f"something unrecorded that explains {found.robustness_interval:.1%} of what is left of both the treatment and "
        f"the outcome would be enough to leave nothing certain."
    )
    if strongest is None:
        return words
    pull = size(answer.asked, strongest.pull)
    return f"{words} Something as strong as {strongest.covariate} could move the figure by up to {pull}."


def html_of_observed(answer: Observed) -> str:
    """The sentence, the estimates and the notes, for a notebook."""
    from tenure.effect.observed_results import meaning

    asked = answer.asked
    lines = [("plain difference", answer.described.difference), (answer.evidence, answer.estimate)]
    lines += [(f"check: {one.name}", one.estimate) for one in answer.controls if one.estimate is not None]
    body = [
        [escape(name), apart(asked, e.value), f"{apart(asked, e.low)} to {apart(asked, e.high)}", f"{e.p:.2g}"]
        for name, e in lines
    ]
    head = ("", "difference", f"{asked.level:.0%} interval", "p")
    return page(answer.sentence, head, body, notes=(meaning(answer.evidence), *_robust(answer), *answer.notes))


def html_of_not_identifiable(answer: NotIdentifiable) -> str:
    body = [[escape(reason)] for reason in answer.reasons]
    return page(answer.sentence, ("why there is no estimate",), body, notes=answer.notes)


def _robust(answer: Observed) -> tuple[str, ...]:
    found = answer.sensitivity
    (label, worst), limit = answer.balance.worst, answer.balance.limit
    return (
        f"E-value {found.e_value:.2f} (interval {found.e_value_interval:.2f}); robustness value {found.robustness:.1%} "
        f"(interval {found.robustness_interval:.1%}).",
        f"{answer.overlap.left_out:,} customers have no counterpart and were left out; weighted, the arms count for "
        f"{answer.overlap.effective_treated:,.0f} and {answer.overlap.effective_untreated:,.0f} customers.",
        f"Furthest apart after weighting: {label}, {worst:+.2f} standard deviations (limit {limit:.2f}).",
        *(one.sentence for one in answer.controls),
    )


def share(asked: Asked, value: float) -> str:
    return f"{value:.1%}" if asked.is_share else f"{value:,.3g}"


def apart(asked: Asked, value: float) -> str:
    """A signed difference: points for shares."""
    return f"{100 * value:+.1f} points" if asked.is_share else f"{value:+,.3g}"


def size(asked: Asked, value: float) -> str:
    return f"{100 * abs(value):.1f} points" if asked.is_share else f"{abs(value):,.3g}"


def _moves(value: float) -> str:
    return "raises" if value >= 0 else "lowers"


def _more(value: float) -> str:
    return "higher" if value >= 0 else "lower"
