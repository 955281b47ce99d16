"""What to call a customer, decided in one place for every page, search and export."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from regulars.customers.models import Customer, Identity

SAID: Final = ("name", "email", "phone")
Members = Sequence[Customer]  # of one person, whoever is shown first


def names(people: Mapping[int, Members]) -> dict[int, str]:
    """What to call each of these people; the database is asked once, and only when one has said no name."""
    ids = [member.pk for members in people.values() if not said(members) for member in members]
    own_ids = _external_ids(ids) if ids else {}
    return {
        key: called(members, next((own_ids[one.pk] for one in members if one.pk in own_ids), ""))
        for key, members in people.items()
    }


def name(members: Members) -> str:
    """What to call one person."""
    return names({0: members})[0]


def called(members: Members, external_id: str = "") -> str:
    """Their name, else an address or number, else the company's own id for them, and only then our number."""
    number = {"id": members[0].pk}
    is_known = any(member.known_at for member in members)
    ours = _("Customer #%(id)s") if is_known else _("Visitor #%(id)s")
    return said(members) or external_id or ours % number


def said(members: Members) -> str:
    """The name, e-mail address or phone number that is theirs, in this order; the shown customer's first."""
    return next((value for field in SAID for member in members if (value := getattr(member, field))), "")


def _external_ids(customer_ids: Sequence[int]) -> dict[int, str]:
    """The first id the company itself gave to each row."""
    rows = Identity.objects.filter(customer__in=customer_ids, kind=Identity.EXTERNAL).order_by("-pk")
    return dict(rows.values_list("customer_id", "value"))
