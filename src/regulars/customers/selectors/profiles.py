"""Everything the profile shows about one customer, gathered from everybody merged into them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from regulars.customers.models import Company, Consent, Customer, Identity, Label, Merge, Trait
from regulars.customers.purposes import PURPOSES
from regulars.customers.selectors import families, naming, orders
from regulars.kernel.models import Source


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing known about a customer; the shown customer's own value goes before a merged one's."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Way:
    """One way to recognise the customer, and where it came from."""

    kind: str
    value: str
    source_name: str
    created_at: datetime
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class PurposeConsent:
    """What counts for one purpose now; `latest` is None when nothing was ever said."""

    purpose: str
    latest: Consent | None


@dataclass(frozen=True, slots=True)
class StandingMerge:
    """One merge that may be undone, and whom it joined."""

    id: int
    at: datetime
    actor: str
    why: str
    merged_id: int
    merged_name: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One customer, as the page shows them. `name` is what to call them."""

    id: int
    ids: list[int]
    name: str
    given_name: str
    email: str
    phone: str
    language: str
    time_zone: str
    company: Company | None
    attributes: list[Attribute]
    labels: list[Label]
    identities: list[Way]
    consents: list[PurposeConsent]
    traits: list[Trait]
    merges: list[StandingMerge]
    created_at: datetime
    known_at: datetime | None
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    orders: orders.Orders


def profile(customer_id: int) -> Profile:
    """The profile of whoever is shown for this id."""
    family = families.family(customer_id)
    members, ids = family.members, family.ids
    return Profile(
        id=family.head.pk,
        ids=ids,
        name=naming.name(members),
        given_name=_first(member.name for member in members),
        email=_first(member.email for member in members),
        phone=_first(member.phone for member in members),
        language=_first(member.language for member in members),
        time_zone=_first(member.time_zone for member in members),
        company=next((member.company for member in members if member.company), None),
        attributes=_attributes(members),
        labels=list(Label.objects.filter(customers__in=ids).distinct().order_by("name")),
        identities=_identities(ids),
        consents=consents(ids),
        traits=list(Trait.objects.filter(customer__in=ids).order_by("name", "-as_of")),
        merges=standing_merges(members),
        created_at=min(member.created_at for member in members),
        known_at=min((member.known_at for member in members if member.known_at), default=None),
        first_seen_at=min((member.first_seen_at for member in members if member.first_seen_at), default=None),
        last_seen_at=max((member.last_seen_at for member in members if member.last_seen_at), default=None),
        orders=orders.orders(ids),
    )


def consents(ids: Sequence[int]) -> list[PurposeConsent]:
    """What was said last for each purpose, over all these ids."""
    rows = Consent.objects.filter(customer__in=ids).order_by("purpose", "-at", "-pk").distinct("purpose")
    latest = {row.purpose: row for row in rows}
    return [PurposeConsent(purpose, latest.get(purpose)) for purpose in PURPOSES]


def standing_merges(members: Sequence[Customer]) -> list[StandingMerge]:
    """The merges that made these one, newest first."""
    by_id = {member.pk: member for member in members}
    rows = list(Merge.objects.filter(Q(merged__in=by_id) & Q(undone_at=None)).order_by("-at", "-pk"))
    names = naming.names({row.merged_id: [by_id[row.merged_id]] for row in rows})
    return [StandingMerge(row.pk, row.at, row.actor, row.why, row.merged_id, names[row.merged_id]) for row in rows]


def _attributes(members: Iterable[Customer]) -> list[Attribute]:
    known: dict[str, Any] = {}
    for member in members:
        known = {**member.attributes, **known}
    return [Attribute(name, known[name]) for name in sorted(known, key=str.casefold)]


def _identities(ids: Sequence[int]) -> list[Way]:
    rows = list(Identity.objects.filter(customer__in=ids).order_by("pk")[:500])
    names = dict(Source.objects.filter(pk__in={row.source_id for row in rows}).values_list("pk", "name"))
    order = {kind: number for number, kind in enumerate(Identity.KINDS)}
    return sorted(
        (Way(row.kind, row.value, names.get(row.source_id, ""), row.created_at, row.verified_at) for row in rows),
        key=lambda way: order[way.kind],
    )


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")
