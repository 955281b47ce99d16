"""Identify, group and alias take effect: links, merges, traits; each message once, for good.

A secret server key may say who is who. A public browser key may only claim it: its links are kept
apart for analytics, nothing known is merged, and nobody a trusted source vouched for is changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from regulars.customers import normalise
from regulars.customers.actions import merges, profiles, recognition
from regulars.customers.actions.recognition import Way
from regulars.customers.errors import AlreadyMerged, BeingErased, NoSuchCustomer
from regulars.customers.models import Company, Customer, Identity
from regulars.customers.tracking.facts import Packed, Store, moment
from regulars.customers.tracking.models import AppliedMessage, ClaimedLink
from regulars.customers.tracking.said import PREVIOUS, Said
from regulars.kernel.actors import Actor

_NAMES = ("name", "email", "phone", "language", "time_zone")
_ALSO_CALLED = {"timezone": "time_zone", "locale": "language"}
_NOT_ATTRIBUTES = frozenset({"id", "userId", "anonymousId", "firstName", "lastName", "first_name", "last_name"})


@dataclass(frozen=True, slots=True)
class Teller:
    """Through which key something was said."""

    source_id: int
    actor: Actor


@transaction.atomic
def write(facts: Packed, said: Sequence[Said], *, teller: Teller, store: Store) -> int:
    """Write facts and let what was said take effect, together or not at all; returns how many facts were new."""
    received_at = moment(facts.received_us)
    said = [_with_previous_found(message) for message in said]
    ids = _recognise([*zip(facts.ways, facts.is_verified, strict=True), *_ways_of(said)], teller, received_at)
    for message in _not_applied_yet(said, teller):
        if message.way in ids:  # erased otherwise
            _apply(message, ids, teller, received_at)
    return store.write([facts])


def _ways_of(said: Sequence[Said]) -> Iterable[tuple[Way, bool]]:
    for message in said:
        yield message.way, message.is_trusted
        if message.other and message.other[0] == "anonymous":
            yield message.other, message.is_trusted


def _recognise(ways: Iterable[tuple[Way, bool]], teller: Teller, at: datetime) -> dict[Way, int]:
    """Everybody the request speaks of, at once: identities are taken in one order."""
    vouched: dict[Way, bool] = {}
    for way, is_trusted in ways:
        vouched[way] = vouched.get(way, False) or is_trusted
    ids: dict[Way, int] = {}
    for is_verified in (True, False):
        wanted = [way for way, is_trusted in vouched.items() if is_trusted is is_verified]
        if wanted:
            ids |= recognition.recognise(
                wanted, source_id=teller.source_id, at=at, is_known=True, is_verified=is_verified
            )
    return ids


def _not_applied_yet(said: Sequence[Said], teller: Teller) -> list[Said]:
    """The messages nobody applied before; one that another process is applying is waited for."""
    first = {message.message_id: message for message in reversed(said)}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {AppliedMessage._meta.db_table} (source_id, message_id)"
            " SELECT %s, message_id FROM unnest(%s::text[]) AS new (message_id) ORDER BY message_id"
            " ON CONFLICT DO NOTHING RETURNING message_id",
            [teller.source_id, sorted(first)],
        )
        new = {row[0] for row in cursor.fetchall()}
    return [message for message in said if message.message_id in new and first[message.message_id] is message]


def _apply(message: Said, ids: dict[Way, int], teller: Teller, at: datetime) -> None:
    customer_id = ids[message.way]
    if message.other is not None:
        _link(message.other, customer_id, ids, message, teller, at)
    if message.is_trusted or not _is_vouched(message.way):
        _describe(customer_id, message, teller, at)


def _link(other: Way, customer_id: int, ids: dict[Way, int], message: Said, teller: Teller, at: datetime) -> None:
    other_id = ids.get(other) or _owner(other)
    if other_id is None or other_id == customer_id:
        return
    heads = recognition.heads([customer_id, other_id])
    kept, merged = heads.get(customer_id), heads.get(other_id)
    if kept is None or merged is None or kept == merged:
        return
    is_visitor = Customer.objects.filter(pk=other_id, known_at=None, merged_into=None).exists()
    if not message.is_trusted:
        if is_visitor:
            ClaimedLink.objects.get_or_create(
                visitor_id=other_id, defaults={"customer_id": customer_id, "source_id": teller.source_id, "at": at}
            )
    elif is_visitor or other[0] != "anonymous":
        # A visitor who was merged before is somebody else's shared browser: two known people stay two.
        _merge(kept, merged, teller, why="said by a program")


def _merge(kept: int, merged: int, teller: Teller, *, why: str) -> None:
    """Join two, unless one of them is on its way out; then what was said of them does not matter any more."""
    try:
        with transaction.atomic():
            merges.merge(kept, merged, by=teller.actor, why=why)
    except (AlreadyMerged, BeingErased, NoSuchCustomer):
        return


def _describe(customer_id: int, message: Said, teller: Teller, at: datetime) -> None:
    said, attributes = _sorted_out(message.traits)
    if message.is_trusted and message.way[0] == "external":
        _give_ways(customer_id, said, teller, at)
    names: dict[str, Any] = {**said}
    row = profiles.Traits(customer_id, company=message.company, attributes=attributes, **names)
    if said or attributes or message.company:
        profiles.apply_traits([row])
    if message.company and message.company_traits and message.is_trusted:
        _describe_company(message.company, message.company_traits)


def _give_ways(customer_id: int, said: dict[str, str], teller: Teller, at: datetime) -> None:
    """An address a server vouches for recognises the customer from now on.

    Where somebody without an identifier of their own has it (they wrote in, or came from a file),
    the two are one person. Two people with identifiers who share an address stay two.
    """
    values = {kind: normalise.identity(kind, said[kind]) for kind in ("email", "phone") if said.get(kind)}
    wanted = [(customer_id, kind, value) for kind, value in values.items() if value]
    owners = recognition.attach(wanted, source_id=teller.source_id, at=at, is_verified=True)
    for owner_id in set(owners.values()) - {customer_id}:
        heads = recognition.heads([customer_id, owner_id])
        kept, merged = heads[customer_id], heads[owner_id]
        has_identifier = Identity.objects.filter(kind="external", customer__in=_family(merged)).exists()
        if kept != merged and not has_identifier:
            _merge(kept, merged, teller, why="a program vouches for the same address")


def _family(head_id: int) -> list[int]:
    return [head_id, *Customer.objects.filter(merged_into=head_id).values_list("pk", flat=True)]


def _sorted_out(traits: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """What has a place on the card, and what is an attribute of the company's own."""
    said: dict[str, str] = {}
    attributes: dict[str, Any] = {}
    for key, value in traits.items():
        place = _ALSO_CALLED.get(key, key)
        if place in _NAMES and isinstance(value, str | int) and not isinstance(value, bool):
            said[place] = str(value)
        elif key not in _NOT_ATTRIBUTES and key not in _NAMES:
            attributes[key] = value
    if "name" not in said:
        parts = (traits.get("firstName") or traits.get("first_name"), traits.get("lastName") or traits.get("last_name"))
        if name := " ".join(part for part in parts if isinstance(part, str)):
            said["name"] = name
    return said, attributes


def _describe_company(external_id: str, traits: dict[str, Any]) -> None:
    company = Company.objects.select_for_update().get(external_id=external_id)
    name = traits.get("name")
    if isinstance(name, str) and name.strip():
        company.name = " ".join(name.split())[: profiles.LONGEST_NAME]
    new = {key: value for key, value in traits.items() if key not in ("id", "name")}
    company.attributes = {key: value for key, value in (company.attributes | new).items() if value is not None}
    company.save(update_fields=["name", "attributes"])


def _is_vouched(way: Way) -> bool:
    """Whether a trusted source named this customer: then nobody else may describe them."""
    kind, value = way
    return Identity.objects.filter(kind=kind, value=value, verified_at__isnull=False).exists()


def _owner(way: Way) -> int | None:
    kind, value = way
    return Identity.objects.filter(kind=kind, value=value).values_list("customer_id", flat=True).first()


def _with_previous_found(message: Said) -> Said:
    """By a former id an alias means an identifier if there is one of that name, else a visitor."""
    if message.other is None or message.other[0] != PREVIOUS:
        return message
    way = ("external", message.other[1])
    return replace(message, other=way if _owner(way) is not None else ("anonymous", message.other[1]))
