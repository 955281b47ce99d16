"""What joins conversations and takes them apart: merges, splits, links; who watches; and all that was done."""

from django.db import transaction
from django.http import HttpResponse
from ninja import Router

from regulars.api.rest import answers
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.conversations import held_unchanged, now
from regulars.api.rest.doors import CallingRequest
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id, ties
from regulars.api.rest.shapes import conversations as shapes
from regulars.desk.actions import holding, links, merging, splitting, unseen
from regulars.desk.errors import NoSuchConversation
from regulars.desk.selectors import cards, present, reading, threads
from regulars.desk.selectors.cards import Related

router = Router(tags=["conversations"])


@router.get("/conversations/{conversation_id}/steps", response=Page[shapes.Step], operation_id="conversations.steps")
def steps(request: CallingRequest, conversation_id: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """Everything that was done in it, by whom and when, oldest first."""
    conversation = threads.shown(conversation_id, by=request.actor)
    rows = reading.steps(conversation, after=answers.number(cursor) or 0, most=limit + 1)
    shown = [shapes.Step.of(row) for row in rows]
    return answers.one(request, answers.page(shown, [one.id for one in shown], limit=limit))


@router.get("/conversations/{conversation_id}/merges", response=Page[ties.Merge], operation_id="conversations.merges")
def merges(request: CallingRequest, conversation_id: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """The merges that stand: what was joined to it, the latest first."""
    conversation = threads.shown(conversation_id, by=request.actor)
    page = answers.listed(reading.merges(conversation), ties.Merge.of, limit=limit, after=cursor)
    return answers.one(request, page)


@router.post("/conversations/{conversation_id}/merges", response={201: ties.Merge}, operation_id="conversations.merge")
def merge(request: CallingRequest, conversation_id: Id, new: ties.NewMerge) -> HttpResponse:
    """Show another conversation as part of this one from now on."""

    def join() -> int:
        answers_to = threads.shown(conversation_id, by=request.actor)
        return merging.merge(answers_to.pk, new.merged_id, by=request.actor).pk

    row = reading.merge(once(request, join), by=request.actor)
    return answers.one(request, ties.Merge.of(row), status=201)


@router.delete("/merges/{merge_id}", response={204: None}, operation_id="conversations.undo_merge")
def undo_merge(request: CallingRequest, merge_id: Id) -> HttpResponse:
    """Take a merge back: both are shown again, each as it stood."""
    merging.undo(merge_id, by=request.actor)
    return HttpResponse(status=204)


@router.post("/conversations/{conversation_id}/splits", response={201: ties.Split}, operation_id="conversations.split")
def split(request: CallingRequest, conversation_id: Id, new: ties.NewSplit) -> HttpResponse:
    """Begin a new conversation with one of its messages, and all after it unless it moves alone."""

    def part() -> int:
        from_here = threads.shown(conversation_id, by=request.actor)
        if threads.message(new.message_id, by=request.actor).conversation_id not in threads.numbers(from_here):
            raise NoSuchConversation
        begun = splitting.split(new.message_id, by=request.actor, subject=new.subject, is_alone=new.is_alone)
        return reading.split_of(begun).pk

    step = reading.split_step(once(request, part), by=request.actor)
    shown = ties.Split(id=step.pk, conversation_id=step.conversation_id, split_from=step.details["split_from"])
    return answers.one(request, shown, status=201, location=f"/api/v1/conversations/{shown.conversation_id}")


@router.delete("/splits/{split_id}", response={204: None}, operation_id="conversations.undo_split")
def undo_split(request: CallingRequest, split_id: Id) -> HttpResponse:
    """Bring what was moved back to where it came from; what was said since comes along."""
    splitting.undo(split_id, by=request.actor)
    return HttpResponse(status=204)


@router.get("/conversations/{conversation_id}/links", response=Page[ties.Link], operation_id="conversations.links")
def linked(request: CallingRequest, conversation_id: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """The conversations that belong to it and stay their own."""
    found = cards.related(threads.shown(conversation_id, by=request.actor), by=request.actor)
    return answers.one(request, answers.listed(found, _link, limit=limit, after=cursor))


@router.put(
    "/conversations/{conversation_id}/links/{other_id}",
    response=shapes.Conversation,
    operation_id="conversations.link",
)
@transaction.atomic
def link(request: CallingRequest, conversation_id: Id, other_id: Id) -> HttpResponse:
    """Say that two conversations belong together; once is enough, from whichever side."""
    holding.hold_both(conversation_id, other_id, by=request.actor)  # in the order of their keys, before the one
    held = held_unchanged(request, conversation_id)
    links.put(held, other_id, by=request.actor)
    return now(request, held)


@router.delete(
    "/conversations/{conversation_id}/links/{other_id}",
    response=shapes.Conversation,
    operation_id="conversations.unlink",
)
@transaction.atomic
def unlink(request: CallingRequest, conversation_id: Id, other_id: Id) -> HttpResponse:
    """Say that they do not belong together after all; where they did not, nothing changes."""
    holding.hold_both(conversation_id, other_id, by=request.actor)  # in the order of their keys, before the one
    held = held_unchanged(request, conversation_id)
    other = threads.shown(other_id, by=request.actor).pk
    for each in cards.related(threads.shown(held, by=request.actor), by=request.actor):
        if each.conversation.pk in (other_id, other):
            links.take_away(held, each.link_id, by=request.actor)
    return now(request, held)


@router.get(
    "/conversations/{conversation_id}/presence", response=Page[shapes.Presence], operation_id="conversations.presence"
)
def presence(request: CallingRequest, conversation_id: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """The agents who look at it at this moment, by name, and which of them write."""
    pk = threads.shown(conversation_id, by=request.actor).pk
    rows = present.present_at([pk])[pk]
    return answers.one(request, answers.listed(rows, shapes.Presence.of, limit=limit, after=cursor))


@router.get(
    "/conversations/{conversation_id}/watchers", response=Page[ties.Watcher], operation_id="conversations.watchers"
)
def watchers(request: CallingRequest, conversation_id: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """The agents who hear of it though it is not theirs."""
    rows = reading.watches(threads.shown(conversation_id, by=request.actor))
    return answers.one(request, answers.listed(rows, ties.Watcher.of, limit=limit, after=cursor))


@router.put(
    "/conversations/{conversation_id}/watchers/{agent_id}",
    response=shapes.Conversation,
    operation_id="conversations.watch",
)
@transaction.atomic
def watch(request: CallingRequest, conversation_id: Id, agent_id: Id) -> HttpResponse:
    """Let an agent hear of it who may see it."""
    held = held_unchanged(request, conversation_id)
    unseen.let_watch(held, agent_id=agent_id, by=request.actor)
    return now(request, held)


@router.delete(
    "/conversations/{conversation_id}/watchers/{agent_id}",
    response=shapes.Conversation,
    operation_id="conversations.unwatch",
)
@transaction.atomic
def unwatch(request: CallingRequest, conversation_id: Id, agent_id: Id) -> HttpResponse:
    """Let an agent hear no more of it."""
    held = held_unchanged(request, conversation_id)
    unseen.forget_watcher(held, agent_id=agent_id, by=request.actor)
    return now(request, held)


def _link(one: Related) -> ties.Link:
    other = one.conversation
    return ties.Link(id=one.link_id, conversation_id=other.pk, why=one.why, subject=other.subject, status=other.status)
