"""Erasure: everything about a customer goes, everywhere, and does not come back.

What programs had sent of them before takes effect first, so that it goes with the rest. Then three
steps, so that a crash anywhere is finished by a job:
1. `_begin`, one transaction: whoever is writing is waited for, the identities are suppressed and
   removed, so that nothing new can be recognised; the journal gets its line.
2. `_remove`, one transaction: every keeper erases, from the uppermost context down to the log.
3. a minute later once more, for whoever had remembered the number a moment longer.
"""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import transaction

from regulars.accounts import audit_verbs
from regulars.accounts.actions import audit
from regulars.customers import erasure_journal
from regulars.customers.actions import recognition
from regulars.customers.errors import NameDoesNotMatch, NoSuchCustomer
from regulars.customers.models import Customer, Erasure, Identity
from regulars.customers.normalise import fold
from regulars.customers.selectors import addresses, families, naming
from regulars.customers.tracking import pending, settling
from regulars.kernel import clock, jobs, live, people, secrets
from regulars.kernel.actors import Actor

FINISH = "customers.finish_erasure"
SWEEP_AFTER = timedelta(minutes=1)
_USE = "erasure"


def erase(customer_id: int, *, by: Actor, typed_name: str | None = None) -> Erasure:
    """Erase a person: the customer, everybody merged into them or out of sight behind them.

    A second call finds the first. `typed_name`, where given, must be the customer's name.
    """
    settling.drain()
    erasure = _asked_before(customer_id) or _begin(customer_id, by=by, typed_name=typed_name)
    return proceed(erasure.pk)


def proceed(erasure_id: int) -> Erasure:
    """Do what is left of an erasure; whatever was done already is not done again."""
    _step(erasure_id, "journaled_at", _journal)
    return _step(erasure_id, "erased_at", _remove)


def finish(erasure_id: int) -> Erasure:
    """Complete an erasure, and go through everything once more; what was stored before it is gone by then."""
    settling.drain()
    proceed(erasure_id)
    return _step(erasure_id, "swept_at", _remove_the_last)


def replay() -> int:
    """Erase again whoever the journal names and a restored backup brought back; returns how many."""
    wanted = {digest: entry.at for entry in erasure_journal.entries() for digest in entry.digests}
    if not wanted:
        return 0
    people.suppress_digests(wanted)
    back: set[int] = set()
    for kind, value, customer_id in Identity.objects.values_list("kind", "value", "customer_id").iterator(10_000):
        if people.digest(kind, value) in wanted:
            back.add(customer_id)
    heads = set(families.heads(back).values())
    for head in sorted(heads):
        erase(head, by=Actor("system"))
    return len(heads)


@transaction.atomic
def _begin(customer_id: int, *, by: Actor, typed_name: str | None) -> Erasure:
    recognition.wait_for_writers()
    if erasure := _asked_before(customer_id):  # by somebody else, while we waited
        return erasure
    family = families.family(customer_id)
    head = family.head
    members = list(Customer.objects.select_for_update().filter(pk__in=families.members([head.pk])).order_by("pk"))
    if typed_name is not None and fold(typed_name) != fold(naming.name(family.members)):
        raise NameDoesNotMatch
    ids = [member.pk for member in members]
    ways = list(Identity.objects.filter(customer__in=ids).values_list("kind", "value"))
    people.suppress(ways)
    erasure = Erasure.objects.create(
        customer_ids=ids,
        digests=[people.digest(kind, value) for kind, value in ways],
        addresses=_sealed(ids),
        asked_at=clock.now(),
        asked_by=str(by),
    )
    Identity.objects.filter(customer__in=ids).delete()
    Customer.objects.filter(pk__in=ids).update(name="", email="", phone="", attributes={}, search_text="")
    audit.note(audit_verbs.CUSTOMER_ERASED, by=by, subject=f"customer:{head.pk}", details={"ids": ids})
    jobs.defer(FINISH, erasure_id=erasure.pk, at=clock.now() + SWEEP_AFTER)
    return erasure


def _asked_before(customer_id: int) -> Erasure | None:
    return Erasure.objects.filter(customer_ids__contains=[customer_id]).order_by("pk").first()


@transaction.atomic
def _step(erasure_id: int, mark: str, do: Callable[[Erasure], None]) -> Erasure:
    """Do one step once: whoever holds the row does it, whoever waited finds it done."""
    erasure = Erasure.objects.select_for_update().filter(pk=erasure_id).first()
    if erasure is None:
        raise NoSuchCustomer
    if getattr(erasure, mark) is None:
        do(erasure)
        setattr(erasure, mark, clock.now())
        erasure.save()
    return erasure


def _journal(erasure: Erasure) -> None:
    erasure_journal.append([bytes(digest) for digest in erasure.digests], at=erasure.asked_at)


def _sealed(customer_ids: Sequence[int]) -> bytes:
    """Under which addresses others may name them: by the time it is looked for, nobody could say any more."""
    return secrets.seal(json.dumps(sorted(addresses.every(list(customer_ids)))), use=_USE)


def _addresses(erasure: Erasure) -> list[str]:
    """None in one that a restored backup brought, or that another key sealed: then it is the numbers alone."""
    try:
        return json.loads(secrets.unseal(bytes(erasure.addresses), use=_USE)) if erasure.addresses else []
    except secrets.SecretNotReadable:
        return []


def _remove_the_last(erasure: Erasure) -> None:
    _remove(erasure)
    erasure.addresses = b""


def _remove(erasure: Erasure) -> None:
    pending.forget(bytes(digest) for digest in erasure.digests)
    named = _addresses(erasure)
    for keeper in reversed(people.keepers()):
        count = keeper.erase(erasure.customer_ids) + keeper.forget(named)
        erasure.removed[keeper.name] = erasure.removed.get(keeper.name, 0) + count
    live.tell(live.ERASED, erasure.pk)  # what processes keep drawn of anybody goes too
