"""What an erasure takes of letters: of those that belong to nobody's customer card, and of those to others."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from regulars.channels.models import Delivery


def erase_letters(abouts: Sequence[str]) -> int:
    """Take away everything that was tried to carry these; what waits is not sent any more."""
    if not abouts:
        return 0
    removed, _ = Delivery.objects.filter(about__in=list(abouts)).delete()
    return removed


def forget_addresses(about: str, known: Collection[str]) -> bool:
    """Take these addresses out of what carries this; true when what waited was for nobody else, and is not sent."""
    unsent = False
    for row in Delivery.objects.select_for_update().filter(about=about).order_by("pk"):
        left = {role: others(row.letter.get(role) or [], known) for role in ("to", "cc", "bcc")}
        if not left["to"]:
            left["to"], left["cc"] = left["cc"], []
        if row.state == Delivery.QUEUED and not any(left.values()):
            row.delete()
            unsent = True
            continue
        row.letter = {**row.letter, **left}
        row.save(update_fields=["letter"])
        if names(row.trouble, known):
            Delivery.objects.filter(pk=row.pk).update(trouble="")
    return unsent


def names(words: str, known: Collection[str]) -> bool:
    """Whether words say one of these addresses, as a mail server does that refuses it."""
    return any(address in words.lower() for address in known)


def others(people: Iterable[Mapping[str, Any]], known: Collection[str]) -> list[Mapping[str, Any]]:
    """Those who have none of these addresses."""
    return [one for one in people if str(one.get("address") or "").lower() not in known]
