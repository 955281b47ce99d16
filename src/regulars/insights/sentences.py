"""What tenure says, in the words of the product and the language of whoever reads.

The library's notes and refusals have a code and values. Here is the product's sentence for those that its pages can
come to show; a code that is not here is shown as the library wrote it, in English. A night puts its sentences down as
phrases (`kernel.said`), so that each reader gets them in their own language.
"""

from typing import Final

from django.utils.translation import gettext_noop as _

from regulars.kernel import said
from tenure import TenureError

SENTENCES: Final = {
    "alive-better": _(
        "“Still a customer? (BG/NBD)” ranks better than the model in use: AUC %(gain)s (%(low)s to %(high)s)."
    ),
    "alive-refused": _("“Still a customer? (BG/NBD)” is not shown beside the models: %(why)s"),
    "blanked": _(
        "Without the last %(days)s days before it was asked, the AUC goes from %(now)s to %(earlier)s (%(change)s; "
        "%(rows)s customers)."
    ),
    "blanked-too-few": _("Too few customers were known %(days)s days earlier to ask once more without those days."),
    "calibrated-by-platt": _(
        "The percentages were set right (Platt scaling) on %(rows)s customers of their own, %(left)s of whom left."
    ),
    "column-spread-differently": _(
        "“%(column)s” looks different today from when the model was checked (PSI %(psi)s). If the business changed, "
        "the next nights learn it; if not, see where the facts come from."
    ),
    "do-add-amounts": _("If two such facts really happened at one instant, add their amounts up before importing."),
    "do-check-clocks": _("See the clocks and the imports they came from."),
    "do-look-at-the-end": _(
        "Much of the signal comes at the very end: look for facts written because somebody was leaving."
    ),
    "do-say-recorded": _("Imports that say when each fact became known make this sure."),
    "facts-ahead": _("%(facts)s facts are dated in the future and were not looked at before their time."),
    "facts-ahead-none": _("No fact is dated in the future."),
    "facts-once": _("No fact is there twice."),
    "facts-repeated": _("%(facts)s facts repeat another’s customer, time, name and amount and were not counted."),
    "few-for-the-columns": _(
        "%(left)s leavers are few to learn %(columns)s columns from. Trust the order of the list more than single "
        "reasons."
    ),
    "label-not-among-columns": _("Nothing it learnt from says outright who left."),
    "left-within-the-gap": _("%(customers)s customers left before anybody could have acted and are not counted."),
    "levels-off": _(
        "%(predicted)s were expected to leave and %(happened)s did: read the risks as an order, not as shares."
    ),
    "never-vary": _("Left out because they are the same for everybody: %(columns)s."),
    "not-judged": _(
        "%(left)s of %(rows)s left; with fewer than %(least)s who left or stayed, the predictions cannot be judged."
    ),
    "ranking-by-chance": _("The order was no better than chance (AUC %(auc)s). Do not use the list."),
    "ranking-worse": _("The order was worse than this card promised (AUC %(auc)s; then %(then)s)."),
    "recorded-always": _("Of every fact it is known when it was recorded."),
    "recorded-assumed": _("For %(share)s of the facts it is assumed that they were known the moment they happened."),
    "same-rows": _("The same customers chose among %(models)s models and measured them, which flatters a little."),
    "scores-spread-differently": _(
        "The risks are spread differently from when the model was checked (PSI %(psi)s); see what has changed below."
    ),
    "strongest-column": _(
        "The strongest single column is “%(column)s” with an AUC of %(auc)s; the limit is %(limit)s."
    ),
    "too-extreme": _("The risks were too extreme (calibration slope %(slope)s)."),
    "too-timid": _("The risks were too timid (calibration slope %(slope)s)."),
    "trees-not-tried": _(
        "Boosted trees were not tried: they need %(least)s leavers to learn from, and there are %(left)s."
    ),
    "upside-down": _("On customers of their own the order was upside down: do not use this model."),
    "AsOfBeforeEverything": _(
        "Up to %(as_of)s nothing had happened yet: the first fact is of %(first)s. Choose a later day."
    ),
    "NobodyBegan": _("No customer began in the time you asked about. Choose a longer time, or other conditions."),
    "NothingToRead": _("There are no facts to look at yet."),
    "TooManySegments": _("That has %(count)s different values; at most %(most)s can be told apart."),
    "revenue.CurrenciesMixed": _("The amounts are in %(currencies)s; they are never added up. Ask for one currency."),
    "revenue.NothingPaid": _(
        "Nobody paid anything in a period that can be compared with one %(span)s later. Choose a later day or a "
        "shorter span."
    ),
    "risk.LeakyColumn": _(
        "“%(column)s” alone tells who left (AUC %(auc)s). Above %(limit)s it was most likely written down at or after "
        "the exit, so nothing is predicted from it."
    ),
    "risk.NobodyActive": _("Nobody ordered lately enough on %(at)s to be at risk."),
    "risk.NothingEnded": _("None of the %(count)s predictions can be checked yet: the first window ends on %(first)s."),
    "risk.NothingToLearnFrom": _("All customers look the same so far, so there is nothing to learn who leaves from."),
    "risk.OneClass": _(
        "Among the customers for %(role)s nobody differs: either all left or all stayed. With more time there is "
        "something to tell apart."
    ),
    "risk.Separated": _(
        "What is known tells every leaver apart, which people’s behaviour never does. Something was written down at "
        "the exit: %(columns)s."
    ),
    "risk.TimeTooShort": _("The orders reach over %(have)s days; to learn who leaves, at least %(need)s are needed."),
    "risk.TooFewGroups": _("There are %(groups)s customers, and at least %(least)s are needed to learn and to check."),
    "risk.TooFewLeavers": _(
        "Among the customers for %(role)s %(left)s left and %(stayed)s stayed; below %(least)s of each nothing can be "
        "said that would hold. More customers or more time will tell."
    ),
    "survival.NobodyLeft": _("None of the %(count)s customers left so far, so nobody can say who leaves sooner."),
    "survival.OneGroup": _("There is nothing to compare: all %(count)s customers are in one group, %(group)s."),
    "value.DidNotSettle": _(
        "The %(model)s model found no answer. Look for customers that are none: test accounts, resellers."
    ),
    "value.NobodyCameBack": _(
        "None of the %(count)s customers has ordered on a second day yet, so nothing says how often they order."
    ),
    "value.NobodyWatched": _(
        "All %(count)s customers ordered for the first time today; tomorrow there is more to say."
    ),
    "value.NoHistories": _("There are no orders to learn from yet."),
    "value.SpendAlike": _("All %(count)s customers spend %(amount)s at every order."),
    "value.SpendUnbounded": _("A few orders are so large that a mean order cannot be told."),
    "value.TooFewRepeaters": _(
        "Only %(count)s customers came back, and %(needed)s are needed to learn how amounts vary."
    ),
}
WORDS: Final = {"train": _("learning"), "calibration": _("setting the percentages right"), "test": _("checking")}


def put_down(told: TenureError | str) -> str:
    """What the library said, to be stored: read it with `shown`, or from a `said.SaidField`."""
    code, values = getattr(told, "code", ""), getattr(told, "values", {})
    sentence = SENTENCES.get(code)
    if sentence is None:
        return said.plain(str(told))
    return said.phrase(sentence) % {name: _put_down_value(value) for name, value in values.items()}


def words(told: TenureError | str) -> str:
    """What the library says now, in the language of whoever reads."""
    return shown(put_down(told))


def shown(stored: str) -> str:
    """What was put down, in the language of whoever reads."""
    return said.shown(stored)


def _put_down_value(value: str) -> str:
    """A value that is a word of the library's is translated as well; quotes that mark a text for programmers go."""
    if value in WORDS:
        return said.phrase(WORDS[value])
    return said.plain(value[1:-1] if len(value) > 1 and value[0] == value[-1] == "'" else value)
