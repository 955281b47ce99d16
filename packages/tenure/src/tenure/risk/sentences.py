"""What risk says in notes, guards and alarms, by code; `{blanks}` are filled with values that are already words."""

from __future__ import annotations

from typing import Final

from tenure.noting import Note, noted

SENTENCES: Final = {
    "alive-better": (
        "The probability alive (BG/NBD) ranks better than {shipped} does: AUC {gain} ({low} to {high}). Sort by it "
        "(tenure.value.bg_nbd), or look for columns that tell more."
    ),
    "alive-excluded": (
        "The probability alive is not shown beside the models: it needs {columns}, which was excluded."
    ),
    "alive-refused": "The probability alive is not shown beside the models: {why}",
    "attributes-as-known": "Attributes were taken as they were known at each landmark.",
    "attributes-of-nobody": "{rows} rows of attributes belong to no customer of the facts.",
    "attributes-of-today": (
        "The attributes do not say when they became known; today's values were used for the past."
    ),
    "blanked": (
        "Without the last {days} days before the landmark the AUC goes from {now} to {earlier} ({change}; {rows} rows)."
    ),
    "blanked-too-few": "Too few customers were known {days} days earlier to score again.",
    "calibrated-by-isotonic": (
        "Calibrated by isotonic regression on {rows} rows of their own, {left} of which left."
    ),
    "calibrated-by-platt": "Calibrated by Platt scaling on {rows} rows of their own, {left} of which left.",
    "column-spread-differently": (
        "“{column}” is spread differently from when the model was measured (PSI {psi}). "
        "If the business changed, learn again; if not, check where the facts come from."
    ),
    "customers-once": "No customer appears twice.",
    "customers-repeated": "{rows} rows repeated a customer and were counted once.",
    "do-add-amounts": "If two such facts really happened at one instant, add their amounts up first.",
    "do-check-clocks": "Check the clocks and the imports they came from.",
    "do-know-before": "Make sure that they were known before the exit.",
    "do-look-at-the-end": (
        "Much of the signal comes at the very end: look for facts written because somebody was leaving."
    ),
    "do-say-attributes-recorded": (
        "Give attributes_recorded=…, or leave out with exclude=… whatever changes when somebody leaves."
    ),
    "do-say-recorded": (
        "Give recorded=…, the column that says when a fact became known; late entries can otherwise flatter the model."
    ),
    "do-say-who": "Say customer=… so that repeats can be told from twins.",
    "facts-ahead": (
        "{facts} facts are dated after the end of the data; no column saw them before their time."
    ),
    "facts-ahead-none": "No fact is dated after the end of the data.",
    "facts-once": "No fact occurred twice.",
    "facts-repeated": (
        "{facts} facts repeated another's customer, time, name and amount and were not counted."
    ),
    "few-for-isotonic": (
        "{left} leavers are few for isotonic calibration (below {least}): it grows too sure at both ends. "
        'Use calibration="platt".'
    ),
    "few-for-the-columns": (
        "There are {left} leavers to learn {columns} columns from; fewer than {each} each makes weights unsteady, "
        "whatever the penalty. Trust the ranking more than single reasons."
    ),
    "gaps": "{columns} columns have gaps: not knowing counts as a value of its own.",
    "in-no-group": "{customers} customers belong to no group; each is one of its own.",
    "isotonic-does-not-add-up": (
        "Contributions are in log odds before isotonic calibration, and do not add up to the probability."
    ),
    "label-not-among-columns": "No column repeats the label.",
    "left-within-the-gap": (
        "{customers} customers left within the gap, before anybody could have acted; not counted."
    ),
    "levels-off": "{predicted} were predicted to leave and {happened} did. Learn again before acting on levels.",
    "never-vary": "Left out because they never vary in training: {columns}.",
    "no-better-than-chance": (
        "Nothing here tells who leaves better than chance does (AUC {auc}): do not act on these scores."
    ),
    "not-judged": "{left} of {rows} left; below {least} of each kind the predictions cannot be judged.",
    "ranking-by-chance": "The ranking is no better than chance (AUC {auc}). Do not use it.",
    "ranking-worse": "The ranking is worse than the card promised (AUC {auc}; then {then}). Learn again.",
    "recorded-always": "Every fact says when it was recorded.",
    "recorded-assumed": (
        "For {share} of the facts it was assumed that they were known the moment they occurred."
    ),
    "same-rows": "The same test rows chose among {models} models and measured them.",
    "scores-spread-differently": (
        "The scores are spread differently from when the model was measured (PSI {psi}). "
        "See which columns moved, and learn again."
    ),
    "strongest-column": (
        "The strongest single column is “{column}” with an AUC of {auc}. The limit is {limit}."
    ),
    "strongest-column-allowed": (
        "The strongest single column is “{column}” with an AUC of {auc}. Allowed above {limit}: {allowed}."
    ),
    "too-extreme": "Predictions are too extreme (calibration slope {slope}). Learn again.",
    "too-timid": "Predictions are too timid (calibration slope {slope}). Learn again.",
    "trees-not-tried": (
        "Boosted trees were not tried: they need {least} training leavers and there are {left}."
    ),
    "twins-apart": (
        "{rows} rows are alike another in everything, as few and coarse columns make them; each was counted."
    ),
    "twins-together": "{rows} rows are alike another in everything; they were kept in the same fold.",
    "unsaid": "{rows} rows do not say whether they left, and were left out.",
    "upside-down": "On the calibration slice the ranking was upside down: do not use this model.",
}  # fmt: skip


def note(code: str, **values: object) -> Note:
    """One of the sentences with its blanks filled in."""
    return noted(SENTENCES[code].format(**values), code=code, values=values)
