"""The people an archive names, recognised or made; who was erased stays out.

What is known of a customer here already counts more than what another desk wrote of them: only somebody
new gets all that the archive says, others a name where they had none.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from regulars.customers import normalise
from regulars.customers.actions import claimed_names, profiles, recognition
from regulars.customers.actions.profiles import Traits
from regulars.customers.selectors import ways as known_ways
from regulars.desk.moving.forms import Person
from regulars.kernel import clock, people
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

    def is_address_erased(self, address: str) -> bool:
        way = normalise.email(address)
        return way is not None and ("email", way) in self.erased


def ways(person: Person, *, kind: str) -> list[Way]:
    """How somebody is recognised: by address, the company's own id, number, and last as the archive calls them."""
    said = [("email", person.email), *(("email", each) for each in person.emails), ("external", person.external_id)]
    said.append(("phone", person.phone))
    found = [(kind, value) for kind, text in said if text and (value := normalise.identity(kind, text))]
    name = person.key or f"name:{person.name}"
    handle = f"{kind}:{name}"
    if len(handle) > normalise.LONGEST:
        handle = f"{kind}:{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()}"
    own: list[Way] = [("handle", normalise.clean(handle))] if person.key or not found else []
    return list(dict.fromkeys(found))[:MOST_WAYS] + own


def meet(persons: Sequence[Person], *, kind: str, is_dry: bool) -> Newcomers:
    """Recognise or make them all. The first way somebody has that we know says who they are."""
    by_ways = {tuple(ways(person, kind=kind)): person for person in reversed(persons)}
    everything = list(dict.fromkeys(way for each in by_ways for way in each))
    newcomers = Newcomers(kind, erased=people.suppressed(everything))
    by_ways = {each: person for each, person in by_ways.items() if not any(way in newcomers.erased for way in each)}
    before = known_ways.known(everything)
    new = {each: person for each, person in by_ways.items() if not any(way in before for way in each)}
    if is_dry:
        newcomers.made = {each[0] for each in new}
        newcomers.customers = {each[0]: before.get(each[0], 0) for each in by_ways} | before
        return newcomers
    newcomers.customers = before | _recognised(by_ways, before)
    newcomers.made = {each[0] for each in new if each[0] in newcomers.customers}
    _write_down(by_ways, new, newcomers)
    return newcomers


def _recognised(by_ways: Mapping[tuple[Way, ...], Person], before: Mapping[Way, int]) -> dict[Way, int]:
    given = {"source_id": PRODUCT_SOURCE_ID, "at": clock.now(), "is_verified": False}
    chief = {each: next((way for way in each if way in before), each[0]) for each in by_ways}
    found = recognition.recognise(list(chief.values()), is_known=True, **given)
    further = [
        (found[chief[each]], *way) for each in by_ways if chief[each] in found for way in each if way != chief[each]
    ]
    return found | (recognition.attach(further, **given) if further else {})


def _write_down(
    by_ways: Mapping[tuple[Way, ...], Person], new: Mapping[tuple[Way, ...], Person], newcomers: Newcomers
) -> None:
    known = {each: person for each, person in by_ways.items() if each not in new}
    profiles.apply_traits(
        _traits(newcomers.customers[each[0]], person) for each, person in new.items() if each[0] in newcomers.customers
    )
    names = {
        customer_id: person.name
        for each, person in known.items()
        if (customer_id := next((newcomers.customers[way] for way in each if way in newcomers.customers), None))
    }
    claimed_names.suggest(names)


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


def _is_said(value: object) -> bool:
    return value is not None and value != "" and value != [] and value != {}


def _plain(value: object) -> object:
    """A number or a truth as it is; everything else as text."""
    if isinstance(value, bool | int) and abs(value) < 1 << 53:
        return value
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)[:LONGEST_ATTRIBUTE]
    return normalise.clean(str(value))[:LONGEST_ATTRIBUTE]
