"""The people an archive names, recognised or made; who was erased stays out.

What is known of a customer here already counts more than what another desk wrote of them: only somebody
new gets all that the archive says, others a name where they had none.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from regulars.customers import normalise
from regulars.customers.actions import claimed_names, moved, profiles, recognition
from regulars.customers.actions.profiles import Traits
from regulars.customers.selectors import ways as known_ways
from regulars.desk.moving.forms import Person
from regulars.desk.moving.moments import moment
from regulars.kernel import clock, people
from regulars.kernel.actors import SYSTEM
from regulars.kernel.facts import PRODUCT_SOURCE_ID

Way = tuple[str, str]
LONGEST_ATTRIBUTE = 5_000
MOST_WAYS = 20


@dataclass(slots=True)
class Newcomers:
    """Who each person of a batch is here. In a dry run nobody is made, and numbers are made up."""

    kind: str
    customers: dict[Way, int] = field(default_factory=dict)
    erased: set[Way] = field(default_factory=set)
    made: set[Way] = field(default_factory=set)  # the first way of each

    def of(self, person: Person) -> int | None:
        """The customer, or None for who was erased."""
        found = [] if self.is_erased(person) else ways(person, kind=self.kind)
        return next((self.customers[way] for way in found if way in self.customers), None)

    def is_erased(self, person: Person) -> bool:
        """Erased by any way they can be recognised by."""
        return any(way in self.erased for way in ways(person, kind=self.kind))

    def ask_after(self, addresses: Iterable[str]) -> None:
        """Addresses that are only named, as in Cc: nobody is made of them, and one that was erased is left out."""
        found = {way for each in addresses if (way := normalise.email(each))}
        self.erased |= people.suppressed([("email", way) for way in sorted(found)])

    def is_address_erased(self, address: str) -> bool:
        way = normalise.email(address)
        return way is not None and ("email", way) in self.erased


def ways(person: Person, *, kind: str) -> list[Way]:
    """How somebody is recognised: by address, the company's own id, number, and last as the archive calls them."""
    said = [("email", person.email), *(("email", each) for each in person.emails), ("external", person.external_id)]
    found = [(kind, value) for kind, text in said if text and (value := normalise.identity(kind, text))]
    if not found and person.phone and (number := normalise.phone(person.phone)):
        found.append(("phone", number))  # never instead of an address: colleagues share a telephone
    name = person.key or f"name:{person.name}"
    handle = f"{kind}:{name}"
    if len(handle) > normalise.LONGEST:
        handle = f"{kind}:{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()}"
    own: list[Way] = [("handle", normalise.clean(handle))] if person.key or not found else []
    return list(dict.fromkeys(found))[:MOST_WAYS] + own


def meet(persons: Sequence[Person], *, kind: str, is_dry: bool) -> Newcomers:
    """Recognise or make them all. The first way somebody has that is known says who they are."""
    recognition.hold_off_erasure()  # before anything is asked: who is here now is here until all is written
    by_ways = {tuple(ways(person, kind=kind)): person for person in reversed(persons)}
    everything = list(dict.fromkeys(way for each in by_ways for way in each))
    newcomers = Newcomers(kind, erased=people.suppressed(everything))
    by_ways = {each: person for each, person in by_ways.items() if not any(way in newcomers.erased for way in each)}
    before = known_ways.known(everything)
    chiefs = _chiefs(by_ways, before)
    newcomers.made = {way for way in chiefs.values() if way not in before}
    newcomers.customers = before | (dict.fromkeys(chiefs, 0) if is_dry else _recognised(chiefs, before))
    if not is_dry:
        _write_down(by_ways, newcomers)
    return newcomers


def _chiefs(by_ways: Iterable[tuple[Way, ...]], before: Mapping[Way, int]) -> dict[Way, Way]:
    """For every way the one that says who it is: one known, or else the first that shares a way with it."""
    chiefs: dict[Way, Way] = {}
    for each in by_ways:
        known = next((way for way in each if way in before), None)
        chief = known or next((chiefs[way] for way in each if way in chiefs), each[0])
        for way in each:
            chiefs.setdefault(way, chief)
    return chiefs


def _recognised(chiefs: Mapping[Way, Way], before: Mapping[Way, int]) -> dict[Way, int]:
    """Everybody by every way; who was here and gets a further one is found by it from now on."""
    given = {"source_id": PRODUCT_SOURCE_ID, "at": clock.now(), "is_verified": False}
    found = recognition.recognise(sorted(set(chiefs.values())), is_known=True, **given)
    further = [(found[chief], *way) for way, chief in chiefs.items() if chief in found and way != chief]
    if not further:
        return found
    attached = recognition.attach(further, **given)
    here = set(before.values())
    profiles.refresh_search([pk for way, pk in attached.items() if pk in here and way not in before])
    return found | attached


def _write_down(by_ways: Mapping[tuple[Way, ...], Person], newcomers: Newcomers) -> None:
    """All that is said of who is new; of who was here a name, if they had none."""
    new = {newcomers.customers[way] for way in newcomers.made if way in newcomers.customers}
    told = [(newcomers.of(person), person) for person in by_ways.values()]
    profiles.apply_traits(_traits(pk, person) for pk, person in told if pk is not None and pk in new)
    for pk, person in told:
        if pk is not None and pk in new and (person.labels or person.consents):
            moved.put_on(pk, [normalise.clean(name) for name in person.labels])
            moved.agree(pk, [said for each in person.consents if (said := _agreed(each))])
    claimed_names.suggest({pk: person.name for pk, person in told if pk is not None and pk not in new})


def _traits(customer_id: int, person: Person) -> Traits:
    return Traits(
        customer_id,
        name=person.name or None,
        email=normalise.email(person.email) or None,
        phone=normalise.phone(person.phone) or None,
        language=person.language or None,
        time_zone=person.time_zone or None,
        company=normalise.clean(person.company)[:200].strip() or None,
        attributes={
            normalise.clean(name)[:100]: _plain(value) for name, value in person.attributes.items() if _is_said(value)
        },
        known_since=person.since,
    )


def _agreed(one: Mapping[str, Any]) -> moved.Said | None:
    """Who wrote it down there is nobody here."""
    at = moment(one.get("at"))
    if at is None or not isinstance(one.get("is_given"), bool):
        return None
    text = [normalise.clean(str(one.get(name) or "")) for name in ("purpose", "source", "text_version")]
    return moved.Said(text[0], one["is_given"], at, text[1], text[2], str(SYSTEM))


def _is_said(value: object) -> bool:
    return value is not None and value != "" and value != [] and value != {}


def _plain(value: object) -> object:
    """A number or a truth as it is; everything else as text."""
    if isinstance(value, bool | int) and abs(value) < 1 << 53:
        return value
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)[:LONGEST_ATTRIBUTE]
    return normalise.clean(str(value))[:LONGEST_ATTRIBUTE]
