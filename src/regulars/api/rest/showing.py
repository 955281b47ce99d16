"""From what the contexts know to how it looks from outside. Their models are their own: hence no types for rows."""

from collections.abc import Sequence
from typing import Any

from regulars.api.rest.shapes import conversations as shapes
from regulars.api.rest.shapes import customers as people
from regulars.customers.selectors.listed import ListedCustomer
from regulars.customers.selectors.profiles import Profile
from regulars.customers.selectors.traits import newest
from regulars.desk.selectors.threads import Turn
from regulars.insights import reasons


def conversation(held: Any, *, promises: Sequence[Any] | None = None) -> shapes.Conversation:
    """A conversation of the desk; read by itself, with what is promised in it."""
    return shapes.Conversation(
        id=held.pk,
        customer_id=held.customer_id,
        channel_id=held.channel_id,
        kind=held.kind,
        status=held.status,
        priority=shapes.PRIORITY_NAMES[held.priority],
        subject=held.subject,
        team_id=held.team_id,
        agent_id=held.assignee_id,
        labels=_labels(held),
        language=held.language,
        fields=held.fields,
        created_at=held.created_at,
        last_at=held.last_at,
        waiting_since=held.waiting_since,
        due_at=held.due_at,
        snoozed_until=held.snoozed_until,
        resolved_at=held.resolved_at,
        is_spam=held.is_spam,
        message_count=held.message_count,
        has_files=held.has_attachments,
        preview=held.preview,
        read_message_id=held.read_message_id,
        read_at=held.read_at,
        clocks=promises if promises is None else list(map(_clock, promises)),
    )


def _clock(promise: Any) -> shapes.Clock:
    return shapes.Clock(
        kind=promise.kind,
        target=promise.target,
        target_seconds=promise.seconds,
        started_at=promise.started_at,
        due_at=promise.due_at,
        warn_at=promise.warn_at,
        warned_at=promise.warned_at,
        breached_at=promise.breached_at,
        is_paused=promise.is_running and promise.due_at is None,
        answered_at=promise.met_at,
        stopped_at=promise.stopped_at,
    )


def _labels(held: Any) -> list[str]:
    """As the inbox's rows carry them, else as they are read."""
    worn = getattr(held, "worn", None)
    return sorted(name for name, _ in worn) if worn is not None else sorted(each.name for each in held.labels.all())


def message(turn: Turn, *, read_up_to: int | None) -> shapes.Message:
    """A message or a note with its files; `read_up_to` is the last answer the customer opened."""
    said = turn.message
    is_ours = said.kind == "message" and said.author_kind != "customer"
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
        due_at=said.due_at,
        trouble=said.trouble,
        is_read=is_ours and said.pk <= (read_up_to or 0),
        mentioned=list(turn.mentioned),
        files=files,
        quoted=said.quoted,
        signature=said.signature,
        channel_id=said.channel_id,
        recipients={role: [_person(one) for one in people] for role, people in said.recipients.items()},
        external_id=said.external_id,
        automatic_reason=said.automatic_reason,
    )


def _person(one: dict[str, Any]) -> shapes.Person:
    return shapes.Person(name=str(one.get("name") or ""), address=str(one.get("address") or ""))


def found_customer(row: ListedCustomer) -> people.FoundCustomer:
    """A customer as a list shows them."""
    return people.FoundCustomer(
        id=row.id,
        name=row.given_name,
        email=row.email,
        phone=row.phone,
        company=str(row.company) if row.company else None,
        labels=sorted(str(label) for label in row.labels),
        last_seen_at=row.last_seen_at,
    )


def customer(profile: Profile) -> people.Customer:
    """A customer with everybody merged into them."""
    learnt = newest(profile.traits)
    return people.Customer(
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
        identities=[
            people.Identity(
                kind=way.kind, value=way.value, is_verified=way.verified_at is not None, created_at=way.created_at
            )
            for way in profile.identities
        ],
        consents=[_consent(one) for one in profile.consents],
        created_at=profile.created_at,
        first_seen_at=profile.first_seen_at,
        last_seen_at=profile.last_seen_at,
        value=_amount(learnt.get("value")),
        risk=_risk(learnt.get("risk")),
        stake=_amount(learnt.get("stake")),
        survival=_survival(learnt.get("survival")),
    )


def _amount(trait: Any) -> people.Amount | None:
    if trait is None:
        return None
    return people.Amount(
        as_of=trait.as_of, **{name: trait.value[name] for name in ("amount", "low", "high", "currency")}
    )


def _risk(trait: Any) -> people.Risk | None:
    if trait is None:
        return None
    found = [
        people.Reason(code=one["code"], words=one["text"], is_higher=one["is_higher"])
        for one in reasons.sentences(trait.value)
    ]
    return people.Risk(
        probability=trait.value["probability"], usual=trait.value["usual"], reasons=found, as_of=trait.as_of
    )


def _survival(trait: Any) -> people.Survival | None:
    if trait is None:
        return None
    said = trait.value
    return people.Survival(
        share=said.get("share"),
        low=said.get("low"),
        high=said.get("high"),
        months=said.get("ahead"),
        median_months=said.get("median"),
        gone_since=said.get("gone_since"),
        as_of=trait.as_of,
    )


def _consent(said: Any) -> people.Consent:
    last = said.latest
    if last is None:
        return people.Consent(purpose=said.purpose, is_given=None, at=None, source="")
    return people.Consent(purpose=said.purpose, is_given=last.is_given, at=last.at, source=last.source)
