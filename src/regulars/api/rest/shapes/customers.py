"""Customers as they look from outside."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from regulars.api.rest.shapes.base import Id, Shape

IdentityKind = Literal["external", "email", "phone", "handle"]
Value = str | int | float | bool | None


class FoundCustomer(Shape):
    """A customer as a list shows them."""

    example = {
        "id": 17, "name": "Ada Moreno", "email": "ada@example.com", "phone": "", "company": None, "labels": [],
        "last_seen_at": "2026-11-20T09:12:00Z",
    }  # fmt: skip

    id: int
    name: str
    email: str
    phone: str
    company: str | None
    labels: list[str]
    last_seen_at: datetime | None


class Identity(Shape):
    """One way to recognise a customer, and whether it is proven to be theirs."""

    example = {"kind": "email", "value": "ada@example.com", "is_verified": True, "created_at": "2026-01-02T08:00:00Z"}

    kind: str
    value: str
    is_verified: bool
    created_at: datetime


class Consent(Shape):
    """What a customer said last about one purpose: service, goodwill, news or sales. Null: they never said."""

    example = {"purpose": "news", "is_given": True, "at": "2026-01-02T08:00:00Z", "source": "sign-up form"}

    purpose: str
    is_given: bool | None
    at: datetime | None
    source: str


class Amount(Shape):
    """Money in minor units (cents), most likely between `low` and `high`, as it was worked out at `as_of`."""

    example = {"amount": 12900, "low": 8100, "high": 19400, "currency": "EUR", "as_of": "2026-11-20T03:00:00Z"}

    amount: int
    low: int
    high: int
    currency: str
    as_of: datetime


class Reason(Shape):
    """What a risk goes with, which need not be why: `words` are for people, `code` never changes its meaning."""

    example = {"code": "recency", "words": "no order for 60 days; usually every 30 days", "is_higher": True}

    code: str
    words: str
    is_higher: bool


class Risk(Shape):
    """How likely they leave, beside what is usual here, and at most three things this goes with."""

    example = {"probability": 0.31, "usual": 0.18, "reasons": [Reason.example], "as_of": "2026-11-20T03:00:00Z"}

    probability: float
    usual: float
    reasons: list[Reason]
    as_of: datetime


class Survival(Shape):
    """The share of those like them who are still customers `months` later, and half of whom stay `median_months` more.

    Of whoever is gone there is `gone_since` alone, the day since when.
    """

    example = {
        "share": 0.62, "low": 0.57, "high": 0.67, "months": 12, "median_months": 19.5, "gone_since": None,
        "as_of": "2026-11-20T03:00:00Z",
    }  # fmt: skip

    share: float | None
    low: float | None
    high: float | None
    months: int | None
    median_months: float | None
    gone_since: date | None
    as_of: datetime


class Customer(Shape):
    """A person the company serves, with those who were found to be the same.

    `value` is what they are expected to order for in the next twelve months, `risk` how likely they leave, `stake`
    what would be lost with them, `survival` how long people like them stay. Null while it is not known.
    """

    example = {
        "id": 17, "merged_ids": [], "name": "Ada Moreno", "email": "ada@example.com", "phone": "", "language": "en",
        "time_zone": "Europe/Berlin", "company": None, "labels": ["VIP"], "attributes": {"plan": "yearly"},
        "identities": [
            {"kind": "email", "value": "ada@example.com", "is_verified": True, "created_at": "2026-01-02T08:00:00Z"}
        ],
        "consents": [{"purpose": "news", "is_given": True, "at": "2026-01-02T08:00:00Z", "source": "sign-up form"}],
        "created_at": "2026-01-02T08:00:00Z", "first_seen_at": None, "last_seen_at": "2026-11-20T09:12:00Z",
        "value": Amount.example, "risk": Risk.example, "stake": None, "survival": Survival.example,
    }  # fmt: skip

    id: int
    merged_ids: list[int]
    name: str
    email: str
    phone: str
    language: str
    time_zone: str
    company: str | None
    labels: list[str]
    attributes: dict[str, Any]
    identities: list[Identity]
    consents: list[Consent]
    created_at: datetime
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    value: Amount | None
    risk: Risk | None
    stake: Amount | None
    survival: Survival | None


class NewIdentity(Shape):
    """A further way to recognise a customer."""

    example = {"kind": "phone", "value": "+49 30 1234567"}

    kind: IdentityKind
    value: str = Field(min_length=1, max_length=254)


class Said(Shape):
    """What is known of a customer; what is left out stays. An attribute of null is taken away."""

    name: str | None = Field(None, max_length=200)
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=60)
    language: str | None = Field(None, max_length=35)
    time_zone: str | None = Field(None, max_length=60)
    attributes: dict[Annotated[str, Field(min_length=1, max_length=100)], Value] = Field({}, max_length=100)


class NewCustomer(Said):
    """A customer, known by at least one identity. Who is known by the first already is changed, not made again."""

    example = {
        "identities": [{"kind": "external", "value": "u-1"}, {"kind": "email", "value": "ada@example.com"}],
        "name": "Ada Moreno", "attributes": {"plan": "yearly"},
    }  # fmt: skip

    identities: list[NewIdentity] = Field(min_length=1, max_length=20)


class CustomerChange(Said):
    """What is to be different."""

    example = {"name": "Ada Moreno", "attributes": {"plan": "monthly", "trial": None}}


class NewConsent(Shape):
    """What the customer said, where, and to which version of the text."""

    example = {"is_given": True, "source": "sign-up form", "text_version": "2026-01"}

    is_given: bool
    source: str = Field(min_length=1, max_length=200)
    text_version: str = Field("", max_length=200)


class NewCustomerMerge(Shape):
    """Which customer is the same person."""

    example = {"merged_id": 18, "why": "same phone"}

    merged_id: Id
    why: str = Field("", max_length=300)


class CustomerMerge(Shape):
    """Two customers joined into one: `merged_id` is shown as `kept_id` until it is undone."""

    example = {
        "id": 4, "kept_id": 17, "merged_id": 18, "at": "2026-11-20T10:00:00Z", "actor": "agent:3", "why": "same phone",
    }  # fmt: skip

    id: int
    kept_id: int
    merged_id: int
    at: datetime
    actor: str
    why: str


class Fact(Shape):
    """One thing that happened to a customer. Its number is one of the log, not an order in time."""

    example = {
        "id": 1001, "customer_id": 17, "name": "Order Completed", "occurred_at": "2026-11-18T16:20:00Z",
        "source": "Web shop", "is_trusted": True, "properties": {"order_id": "20318", "total": "39.80"},
    }  # fmt: skip

    id: int
    customer_id: int
    name: str
    occurred_at: datetime
    source: str
    is_trusted: bool
    properties: dict[str, Any]


class Erased(Shape):
    """An erasure: everything about the customer goes, everywhere, and does not come back."""

    example = {"customer_ids": [17, 18], "asked_at": "2026-11-20T10:00:00Z", "erased_at": "2026-11-20T10:00:01Z"}

    customer_ids: list[int]
    asked_at: datetime
    erased_at: datetime | None
