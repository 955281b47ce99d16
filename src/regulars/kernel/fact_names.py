"""The names of the product's own facts, and what each one's properties mean.

Product facts are lower case; tracked facts follow Segment's names in title case (`Order
Completed`). Names here are refused from outside. docs/reference/facts.md is held against this
table by a test.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ProductFact:
    """One documented kind of fact the product records."""

    name: str
    sentence: str
    properties: dict[str, str] = field(default_factory=dict)


CONSENT_GIVEN = "consent given"
CONSENT_WITHDRAWN = "consent withdrawn"
CUSTOMERS_MERGED = "customers merged"
MERGE_UNDONE = "merge undone"
LABEL_ADDED = "label added"
LABEL_REMOVED = "label removed"

PRODUCT_FACTS: dict[str, ProductFact] = {
    fact.name: fact
    for fact in (
        ProductFact(
            CONSENT_GIVEN,
            "The customer agreed to be written to for one purpose.",
            {
                "purpose": "service, goodwill, news or sales",
                "source": "where they agreed",
                "text": "version of the text",
            },
        ),
        ProductFact(
            CONSENT_WITHDRAWN,
            "The customer no longer agrees to be written to for one purpose.",
            {"purpose": "service, goodwill, news or sales", "source": "where they said so"},
        ),
        ProductFact(
            CUSTOMERS_MERGED,
            "Another customer was found to be the same person and joined to this one.",
            {"merged_id": "the customer joined to this one", "by": "who did it"},
        ),
        ProductFact(
            MERGE_UNDONE,
            "A merge was taken back; the two are separate again.",
            {"merged_id": "the customer that is separate again", "by": "who did it"},
        ),
        ProductFact(LABEL_ADDED, "A label was put on the customer.", {"label": "its name", "by": "who did it"}),
        ProductFact(LABEL_REMOVED, "A label was taken off the customer.", {"label": "its name", "by": "who did it"}),
    )
}

ORDER_COMPLETED = "Order Completed"
ORDER_REFUNDED = "Order Refunded"
PAGE_VIEWED = "Page Viewed"
SCREEN_VIEWED = "Screen Viewed"
