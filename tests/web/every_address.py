"""Something behind every address of the pages, so that each can be asked for; conversations lie in a closed team."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from django.urls import URLResolver, get_resolver, reverse

from regulars.accounts.actions import invitations, keys
from regulars.accounts.models import Invitation, Key
from regulars.channels.models import Incoming
from regulars.customers.importing.models import Import
from regulars.customers.models import Label as CustomerLabel
from regulars.desk.actions import bulk, labels, views
from regulars.desk.models import Attachment, Export, Origin, SideMessage
from regulars.insights import reporting
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.api.world import make_world
from tests.desk.asking_by_form import make_form

FOR_PROGRAMS = "api/v1/"  # asked for one by one in `tests/api/test_who_may_call.py`
OF_OTHERS = ("account_", "mfa_", "usersessions_")  # django-allauth's own


class Address(NamedTuple):
    """An address of the pages: its name as `reverse` takes it, how it is written down, and what stands in it."""

    name: str
    route: str
    arguments: tuple[str, ...]


@cache
def addresses() -> tuple[Address, ...]:
    """Every address of ours for people."""
    return tuple(each for each in _below(get_resolver(), "", "") if not each.name.startswith(OF_OTHERS))


def _below(resolver: URLResolver, space: str, begun: str) -> Iterator[Address]:
    for each in resolver.url_patterns:
        route = f"{begun}{each.pattern}"
        if isinstance(each, URLResolver):
            if route != FOR_PROGRAMS:
                yield from _below(each, f"{space}{each.namespace}:" if each.namespace else space, route)
        else:
            yield Address(f"{space}{each.name}", route, tuple(each.pattern.converters))


def make_everything() -> dict[str, Any]:
    """The API's world, and what else pages can be about."""
    world = make_world()
    at = clock.now()
    invitations.invite("eva@shop.example", role="agent", by=SYSTEM)
    keys.create("browser", name="Storefront", by=SYSTEM)
    letter = Incoming.objects.create(
        channel_id=world["channel_id"], source_key="1", raw=b"Subject: x", digest=b"", received_at=at, state="dead"
    )
    tree = {"any": [{"field": "priority", "is": "in", "value": [1]}]}
    world |= {
        "invitation_id": Invitation.objects.get().pk, "key_id": Key.objects.get().pk, "letter_id": letter.pk,
        "form_id": make_form().id, "slug": "contact", "field_slug": "order",
        "view_id": views.create("Urgent", tree=tree, is_shared=True, by=SYSTEM).pk,
        "bulk_id": bulk.begin("resolve", ids=[world["conversation_id"]], by=world["bo"].actor).pk,
        "import_id": Import.objects.create(
            file_name="o.csv", kind="orders", created_at=at - timedelta(hours=1), size=1, digest="0" * 64
        ).pk,
        "origin_id": Origin.objects.create(kind="zendesk", name="tea", mark="tea", at=at).pk,
        "export_id": Export.objects.create(asked_by="system", asked_at=at, form="both", state="gone").pk,
        "report_id": reporting.wish("numbers", "", every="week", by=world["bo"].actor).pk,
        "label_id": labels.find_or_make("Late").pk,
        "customer_label_id": CustomerLabel.objects.create(name="Loyal", hue=1).pk,
        "side_message_id": SideMessage.objects.get().pk,
        "attachment_id": Attachment.objects.get().pk,
    }  # fmt: skip
    return world


# What the `pk` of an address is, by how its route begins; the longest that fits.
KEYS = {
    "customers/": "customer_id", "customers/merges/": "customer_merge_id",
    "inbox/rows/": "conversation_id", "inbox/views/": "view_id", "inbox/bulk/": "bulk_id",
    "inbox/conversations/": "conversation_id", "inbox/messages/": "message_id", "inbox/files/": "file_id",
    "inbox/sides/": "side_id", "inbox/side-messages/": "side_message_id", "inbox/side-files/": "side_file_id",
    "inbox/merges/": "merge_id", "inbox/splits/": "split_id",
    "numbers/reports/": "report_id", "import/": "import_id", "portal/": "conversation_id",
    "settings/people/": "agent_id", "settings/people/invitations/": "invitation_id", "settings/keys/": "key_id",
    "settings/export/": "export_id", "settings/moved-in/": "origin_id", "settings/channels/": "channel_id",
    "settings/channels/dead-letters/": "letter_id", "settings/forms/": "form_id", "settings/teams/": "team_id",
    "settings/teams/seats/": "agent_id", "settings/rules/": "rule_id", "settings/macros/": "macro_id",
    "settings/fields/": "field_id", "settings/labels/": "label_id", "settings/webhooks/": "webhook_id",
}  # fmt: skip
ARGUMENTS = {
    "token": "a-token-somebody-guessed", "provider": "postmark", "place": 0, "form": "kept", "field_id": "order",
    "slug": "contact",
}  # fmt: skip


def place(one: Address, world: dict[str, Any], **other: Any) -> str:
    """Where it is, about what there is; `other` says what stands in it instead."""
    begun = max((each for each in KEYS if one.route.startswith(each)), key=len, default="")
    known = {
        **ARGUMENTS, "pk": world.get(KEYS.get(begun, ""), 1), "macro_id": world["macro_id"],
        "label": world["customer_label_id"], "notice": world["notice_id"], "file_id": world["attachment_id"],
        "message_id": world["message_id"], **other,
    }  # fmt: skip
    if begun == "settings/forms/":
        known["field_id"] = world["field_slug"]
    return reverse(one.name, kwargs={each: known[each] for each in one.arguments})
