"""Whether there is anything to do for what is heavy, asked of the database without loading it.

A house that only answers mail has facts of conversations and nothing else: its worker stays small.
"""

from regulars.insights.mirror.names import CONSUMER
from regulars.insights.models import FactCount, ScoreRun
from regulars.kernel import tail
from regulars.kernel.fact_names import ORDER_COMPLETED, PRODUCT_FACTS
from regulars.kernel.tail import Position


def is_asked_about() -> bool:
    """Whether customers did anything of their own; of what the product itself notes, a page works out what is asked."""
    return FactCount.objects.exclude(name__in=PRODUCT_FACTS).exists()


def is_to_learn() -> bool:
    """Whether there is what scores are learnt from, or was: then the night says that it is gone."""
    return FactCount.objects.filter(name=ORDER_COMPLETED).exists() or ScoreRun.objects.exists()


def is_to_score() -> bool:
    """Whether nobody learnt yet, or a model has not seen the latest facts."""
    latest = ScoreRun.objects.order_by("kind", "-as_of").distinct("kind")
    runs = latest.values_list("refusal", "epoch", "tx", "fact_id")
    if not runs:
        return is_to_learn()
    usable = [Position(*place) for refusal, *place in runs if not refusal]
    return bool(usable) and tail.position(CONSUMER) > min(usable)
