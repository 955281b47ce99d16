"""Why a risk cannot be told, by name; each class's docstring is what the person reads."""

from __future__ import annotations

from tenure.errors import TenureError


class TimeTooShort(TenureError):
    """The facts reach over {have} days; learning and testing with a gap of {gap} and a horizon of {horizon} days
    needs at least {need}. Shorten the horizon, the gap or active_days, or wait until more has happened."""


class TooFewLeavers(TenureError):
    """In the {role} part {left:,} left and {stayed:,} stayed; below {least} of each nothing can be said that would
    hold. Lengthen the horizon, or add customers or landmarks."""


class OneClass(TenureError):
    """In the {role} part everybody {what}, so there is nothing to tell apart. Check the definition of leaving
    ({definition}), or choose another horizon."""


class LeakyColumn(TenureError):
    """The column {column!r} alone tells who left with an AUC of {auc:.3f}. Above {limit} it was most likely recorded
    at or after the exit. Leave it out with exclude=[{column!r}]; if it truly was known before, say
    allow=[{column!r}]."""


class LabelAmongColumns(TenureError):
    """The column {column!r} says the same as the label in every row. Leave it out with exclude=[{column!r}]."""


class Separated(TenureError):
    """Together the columns tell every leaver apart (AUC {auc:.4f} on the rows learnt from), which people's behaviour
    never does. The strongest are {columns}; find the ones recorded at the exit and leave them out with exclude=[…]."""


class NothingToLearnFrom(TenureError):
    """No column is left to learn from: {why}. Add columns that differ between customers."""


class TooFewGroups(TenureError):
    """There are {groups} groups, and at least {least} are needed, because a group is never divided between learning
    and testing. Use finer groups, or fewer folds."""


class Infinite(TenureError):
    """Row {row} has an infinite number in {column!r}. Correct it, or leave it empty if it is not known."""


class LabelUnclear(TenureError):
    """The column {column!r} does not say who left: it holds {values}. Give true and false, 1 and 0, yes and no,
    or say which value means that they left with positive=…"""


class NobodyActive(TenureError):
    """Nobody was active on {at}: {definition}. Choose a later day or a longer active_days."""


class AnotherQuestion(TenureError):
    """This model answers another question: it was learnt with “{learnt}”, and this asks with “{asked}”. Ask with the
    same conditions and columns, or learn again."""


class ColumnsDiffer(TenureError):
    """The model was learnt with the columns {missing}, which are not here. Add them; leave cells empty where the
    value is not known."""


class SeveralRows(TenureError):
    """The customer {customer!r} has {rows} rows that differ, and a table has one row for each customer. Keep one,
    or use risk.landmarks for what happened over time."""


class LearnersMissing(TenureError):
    """Learning needs scikit-learn, which is not installed. Install it with: pip install "tenure[models]"."""


class TreesUnreadable(TenureError):
    """The trees of this scikit-learn ({version}) could not be read into plain numbers ({why}). Leave them out with
    models=("recency", "logistic"), or install a scikit-learn that this version of tenure was tested with."""


class NotAModel(TenureError):
    """This is not a stored model of who is leaving, or a newer version of tenure wrote it: {why}."""


class ProbabilityBad(TenureError):
    """Row {row} has a probability of {value!r}; it must be a number from 0 to 1."""


class DaysBad(TenureError):
    """{name}={value!r} will not do: {why}."""


class NothingEnded(TenureError):
    """None of the {count:,} predictions can be checked yet: the first window ends on {first}. Ask again then."""


class UnknownCustomer(TenureError):
    """There is no row for the customer {customer!r}. Only active customers are scored: {definition}."""
