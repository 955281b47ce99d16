"""What an erasure takes out of what was begun and never sent, where there is no conversation that goes."""

from collections.abc import Collection, Sequence
from email.utils import getaddresses
from typing import Final

from django.db.models import QuerySet

from regulars.desk.actions.files import SWEEP
from regulars.desk.models import FirstDraft
from regulars.kernel import jobs

TO_WHOM: Final = ("to", "cc")


def erase(customer_ids: Sequence[int], files: list[str]) -> int:
    """What is being written to them goes; the files in it are added to those that nobody names any more."""
    return _delete(FirstDraft.objects.filter(customer__in=customer_ids), files)


def forget(addresses: Collection[str]) -> int:
    """What is being written to these addresses goes, and they leave what is written to others: such drafts are few."""
    files: list[str] = []
    removed = _delete(FirstDraft.objects.filter(address__in=addresses), files)
    if files:
        jobs.defer(SWEEP, digests=sorted(set(files)))
    return removed + sum(_forget(draft, addresses) for draft in FirstDraft.objects.select_for_update().order_by("pk"))


def _delete(begun: QuerySet[FirstDraft], files: list[str]) -> int:
    files += [item["digest"] for hung in begun.values_list("attachments", flat=True) for item in hung]
    return begun.delete()[0]


def _forget(draft: FirstDraft, addresses: Collection[str]) -> bool:
    left = {role: _without(draft.said[role], addresses) for role in TO_WHOM if role in draft.said}
    if left.items() <= draft.said.items():
        return False
    draft.said |= left
    draft.save(update_fields=["said"])
    return True


def _without(line: str, addresses: Collection[str]) -> str:
    """A line that names one of them is written anew without; one that names none stays as it was typed."""
    there = [address for _name, address in getaddresses([line.replace(";", ",")])] if line else []
    left = [address for address in there if address.strip().lower() not in addresses]
    return line if left == there else ", ".join(each for each in left if each)
