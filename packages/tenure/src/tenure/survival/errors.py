"""What can go wrong with survival, by name; each class's docstring is what the person reads."""

from __future__ import annotations

from tenure.errors import TenureError


class NobodyLeft(TenureError):
    """None of the {count} customers left while they were followed, so nothing can be said about who leaves sooner.
    Follow them for longer, or check that the column {column!r} says who left."""


class OneGroup(TenureError):
    """There is nothing to compare: all {count} customers are in one group, {group!r}. Give a column with two or
    more."""


class SameForAll(TenureError):
    """The column {column!r} never differs between customers who could have left at the same time, so nothing can be
    learned from it. Leave it out."""


class SaysTheSame(TenureError):
    """The column {column!r} is determined by {others}: their effects cannot be told apart. Leave one of them out."""


class Separated(TenureError):
    """The column {column!r} separates who left from who stayed: {how}. Its effect would be infinite. Leave it out, join
    rare values together, or keep it finite with ridge=0.1."""


class NotSettled(TenureError):
    """The fit did not settle after {steps} steps; {column!r} moved the most. Leave that column out or group its values,
    or keep the effects finite with ridge=0.1."""


class NotANumber(TenureError):
    """Row {row} of the column {column!r} is {value!r}, which is no finite number. Correct it, or leave it empty to have
    the row left out."""


class TooManyValues(TenureError):
    """The column {column!r} has {count} different texts, so almost every customer would have an own effect. Leave it
    out (an id?) or group it into at most {most}."""


class NewValue(TenureError):
    """The column {column!r} holds {value!r}, which was not among the values the fit has seen: {known}."""


class NothingToFit(TenureError):
    """No covariates were given. Name the columns whose part in leaving is asked for, such as covariates=["plan"]."""


class NobodyBeyond(TenureError):
    """Nobody was followed for longer than {tenure} {unit}s, so nothing can be said about what comes after. Ask for
    shorter tenures with at=…."""
