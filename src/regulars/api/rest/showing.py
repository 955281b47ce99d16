"""From what the contexts know to how it looks from outside."""

from typing import Any

from regulars.api.rest import shapes
from regulars.customers.selectors.listing import ListedCustomer
from regulars.customers.selectors.profiles import Profile
from regulars.desk.selectors.threads import Turn

_PRIORITIES: dict[int, shapes.Priority] = {number: name for name, number in shapes.PRIORITIES.items()}


def conversation(held: Any) -> shapes.Conversation:
    """A conversation of the desk, whose models are its own: hence no type."""
    return shapes.Conversation(
        id=held.pk,
        customer_id=held.customer_id,
        channel_id=held.channel_id,
        kind=held.kind,
        status=held.status,
        priority=_PRIORITIES[held.priority],
        subject=held.subject,
        team_id=held.team_id,
        agent_id=held.assignee_id,
        labels=sorted(label.name for label in held.labels.all()),
        fields=held.fields,
        created_at=held.created_at,
        last_at=held.last_at,
        waiting_since=held.waiting_since,
        snoozed_until=held.snoozed_until,
        resolved_at=held.resolved_at,
        is_spam=held.is_spam,
        message_count=held.message_count,
        preview=held.preview,
    )


def message(turn: Turn) -> shapes.Message:
    """A message or a note with its files."""
    said = turn.message
    files = [
        shapes.File(id=file.pk, name=file.name, type=file.type, size=file.size, is_inline=file.is_inline)
        for file in turn.files
    ]
    return shapes.Message(
        id=said.pk,
        conversation_id=said.conversation_id,
        kind="note" if said.kind == "note" else "message",
        author_kind=said.author_kind,
        author_id=said.author_id,
        author_name=said.author_name,
        text=said.text,
        html=said.html,
        subject=said.subject,
        is_automatic=said.is_automatic,
        at=said.at,
        state=said.state,
        trouble=said.trouble,
        files=files,
    )


def found_customer(row: ListedCustomer) -> shapes.FoundCustomer:
    """A customer as a list shows them."""
    return shapes.FoundCustomer(
        id=row.id,
        name=row.given_name,
        email=row.email,
        phone=row.phone,
        company=str(row.company) if row.company else None,
        labels=sorted(str(label) for label in row.labels),
        last_seen_at=row.last_seen_at,
    )


def customer(profile: Profile) -> shapes.Customer:
    """A customer with everybody merged into them."""
    return shapes.Customer(
        id=profile.id,
        merged_ids=sorted(set(profile.ids) - {profile.id}),
        name=profile.given_name,
        email=profile.email,
        phone=profile.phone,
        language=profile.language,
        time_zone=profile.time_zone,
        company=str(profile.company) if profile.company else None,
        labels=sorted(str(label) for label in profile.labels),
        attributes={attribute.name: attribute.value for attribute in profile.attributes},
        created_at=profile.created_at,
        first_seen_at=profile.first_seen_at,
        last_seen_at=profile.last_seen_at,
    )
