"""Facts in words: an icon, a sentence, and what else it says. Facts nobody foresaw are shown neatly too."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.customers.selectors.timelines import TimelineFact
from regulars.kernel import fact_names
from regulars.kernel.errors import Invalid
from regulars.kernel.money import Money
from regulars.web.customers import desk_words
from regulars.web.customers.words import PURPOSES, ActorNames, in_words
from regulars.web.templatetags.house import money

LONGEST = 300
MOST_DETAILS = 30

KINDS: Final[dict[str, str | Promise]] = {
    "": gettext_lazy("Everything"),
    "orders": gettext_lazy("Orders"),
    "visits": gettext_lazy("Visits"),
    "ours": gettext_lazy("Done here"),
    "other": gettext_lazy("Other"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline as it is read."""

    fact: TimelineFact
    icon: str
    title: str
    note: str = ""
    tone: str = ""
    url: str = ""
    items: list[str] = field(default_factory=list)
    details: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reader:
    """What a line may need to be told: who acts were done by, and in what currency nothing is said."""

    actor_name: ActorNames
    currency: str


Words = Callable[[TimelineFact, Reader], Line]


def line(fact: TimelineFact, reader: Reader) -> Line:
    """A fact as a line of the timeline."""
    return _WORDS.get(fact.name, _anything)(fact, reader)


def _order(fact: TimelineFact, reader: Reader) -> Line:
    said = fact.properties
    products = [each for each in _list(said.get("products")) if isinstance(each, dict)]
    number = _text(said.get("order_id"))
    amount = _amount(said, reader)
    count = ngettext("%(count)d item", "%(count)d items", len(products)) % {"count": len(products)} if products else ""
    is_refund = fact.name == fact_names.ORDER_REFUNDED
    title = _("Refund of order %(number)s") if is_refund else _("Order %(number)s")
    bare = _("Refund") if is_refund else _("Order")
    return Line(
        fact,
        "undo" if is_refund else "box",
        title % {"number": number} if number else str(bare),
        note=" · ".join(filter(None, (amount, count))),
        tone="warn" if is_refund else "good",
        items=[_item(product) for product in products[:MOST_DETAILS]],
        details=_details({key: value for key, value in said.items() if key not in _SHOWN_OF_ORDERS}),
    )


_SHOWN_OF_ORDERS = {"order_id", "products", "total", "currency"}


def _item(product: dict[str, Any]) -> str:
    name = _text(product.get("name") or product.get("product_id") or product.get("sku")) or _("something unnamed")
    quantity = _text(product.get("quantity"))
    return f"{quantity} × {name}" if quantity and quantity != "1" else name


def _visit(fact: TimelineFact, reader: Reader) -> Line:
    said = fact.properties
    what = _text(said.get("title") or said.get("name") or said.get("path") or said.get("url") or said.get("query"))
    icon, title = _VISITS[fact.name]
    return Line(fact, icon, str(title), note=what, details=_details(said))


_VISITS: Final[dict[str, tuple[str, str | Promise]]] = {
    fact_names.PAGE_VIEWED: ("eye", gettext_lazy("Looked at a page")),
    fact_names.SCREEN_VIEWED: ("eye", gettext_lazy("Opened a screen")),
    "Product Viewed": ("eye", gettext_lazy("Looked at a product")),
    "Product List Viewed": ("eye", gettext_lazy("Looked at a list of products")),
    "Products Searched": ("search", gettext_lazy("Searched for products")),
    "Product Added": ("plus", gettext_lazy("Put into the basket")),
    "Product Removed": ("minus", gettext_lazy("Took out of the basket")),
    "Cart Viewed": ("eye", gettext_lazy("Looked into the basket")),
    "Checkout Started": ("arrow-right", gettext_lazy("Began to check out")),
}


def _consent(fact: TimelineFact, reader: Reader) -> Line:
    purpose = PURPOSES.get(str(fact.properties.get("purpose")), _text(fact.properties.get("purpose")))
    is_given = fact.name == fact_names.CONSENT_GIVEN
    title = _("Agreed to %(purpose)s") if is_given else _("No longer agrees to %(purpose)s")
    note = " · ".join(filter(None, (_text(fact.properties.get("source")), _text(fact.properties.get("text")))))
    icon, tone = ("check", "good") if is_given else ("close", "warn")
    return Line(fact, icon, title % {"purpose": str(purpose).lower()}, note=note, tone=tone)


def _label(fact: TimelineFact, reader: Reader) -> Line:
    title = _("Labelled %(label)s") if fact.name == fact_names.LABEL_ADDED else _("Label %(label)s taken off")
    return Line(fact, "label", title % {"label": _text(fact.properties.get("label"))}, note=_by(fact, reader))


def _merge(fact: TimelineFact, reader: Reader) -> Line:
    is_merge = fact.name == fact_names.CUSTOMERS_MERGED
    title = _("Merged with #%(id)s") if is_merge else _("Merge with #%(id)s taken back")
    icon = "merge" if is_merge else "undo"
    return Line(fact, icon, title % {"id": _text(fact.properties.get("merged_id"))}, note=_by(fact, reader))


def _desk(fact: TimelineFact, reader: Reader) -> Line:
    icon, title, tone = desk_words.SENTENCES[fact.name]
    note = desk_words.note(fact.name, fact.properties, _by(fact, reader))
    number = fact.properties.get("conversation_id")
    url = reverse("desk:conversation", args=[number]) if isinstance(number, int) else ""
    return Line(fact, icon, str(title), note=note, tone=tone, url=url)


def _by(fact: TimelineFact, reader: Reader) -> str:
    return _("by %(name)s") % {"name": reader.actor_name(_text(fact.properties.get("by")))}


def _anything(fact: TimelineFact, reader: Reader) -> Line:
    is_ours = fact.name in fact_names.PRODUCT_FACTS
    return Line(fact, "spark" if is_ours else "bolt", fact.name[:LONGEST], details=_details(fact.properties))


_WORDS: Final[dict[str, Words]] = {
    fact_names.ORDER_COMPLETED: _order,
    fact_names.ORDER_REFUNDED: _order,
    **dict.fromkeys(_VISITS, _visit),
    fact_names.CONSENT_GIVEN: _consent,
    fact_names.CONSENT_WITHDRAWN: _consent,
    fact_names.LABEL_ADDED: _label,
    fact_names.LABEL_REMOVED: _label,
    **dict.fromkeys(desk_words.SENTENCES, _desk),
    fact_names.CUSTOMERS_MERGED: _merge,
    fact_names.MERGE_UNDONE: _merge,
}


def _amount(said: dict[str, Any], reader: Reader) -> str:
    """What was paid or given back, or what was written instead of an amount."""
    for name in ("total", "revenue", "value"):
        if said.get(name) is not None:
            try:
                currency = str(said.get("currency") or reader.currency).upper()
                return money(Money.parse(Decimal(str(said[name])), currency))
            except (Invalid, InvalidOperation):
                return _text(said[name])
    return ""


def _details(said: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Properties as name and value, those inside others by their path, at most thirty."""
    found: list[tuple[str, str]] = []
    for name, value in said.items():
        if isinstance(value, dict) and prefix.count(".") < 2:
            found += _details(value, f"{prefix}{name}.")
        elif value is not None and value != "":
            found.append((f"{prefix}{name}"[:LONGEST], _text(value)))
        if len(found) >= MOST_DETAILS:
            break
    return found[:MOST_DETAILS]


def _text(value: Any) -> str:
    text = in_words(value[:20] if isinstance(value, list) else value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
