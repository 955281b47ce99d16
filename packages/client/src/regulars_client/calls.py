"""Every call. Written by `packages/client/generate.py` from the description of the API; do not edit."""

# pyright: strict

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from msgspec import UNSET

from regulars_client import shapes
from regulars_client.core import Core, Unset, path_of, said


class Group:
    """The calls about one kind of thing."""

    def __init__(self, core: Core) -> None:
        self._core: Core = core


class Conversations(Group):
    """One matter each between a customer and the company."""

    def list(
        self,
        *,
        q: str | None = None,
        status: Literal["open", "waiting", "snoozed", "resolved"] | None = None,
        customer_id: int | None = None,
        agent_id: int | None = None,
        team_id: int | None = None,
        channel_id: int | None = None,
        label: str | None = None,
        is_spam: bool | None = None,
        page_size: int | None = None,
    ) -> Iterator[shapes.Conversation]:
        """Conversations, the newest first, or what a search finds; those merged into others are left out."""
        return self._core.every(
            shapes.Conversation,
            "/api/v1/conversations",
            query={
                "q": q,
                "status": status,
                "customer_id": customer_id,
                "agent_id": agent_id,
                "team_id": team_id,
                "channel_id": channel_id,
                "label": label,
                "is_spam": is_spam,
                "limit": page_size,
            },
        )

    def create(
        self,
        *,
        customer: shapes.CustomerRef,
        channel_id: int,
        text: str | Unset = UNSET,
        subject: str | Unset = UNSET,
        author: Literal["customer", "company"] | Unset = UNSET,
        kind: Literal["issue", "account"] | Unset = UNSET,
        priority: Literal["urgent", "high", "normal", "low"] | Unset = UNSET,
        language: str | Unset = UNSET,
        files: Sequence[str] | Unset = UNSET,
        labels: Sequence[str] | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Conversation:
        """Begin a conversation with its first message."""
        return self._core.one(
            shapes.Conversation,
            "POST",
            "/api/v1/conversations",
            body=said(
                customer=customer,
                channel_id=channel_id,
                text=text,
                subject=subject,
                author=author,
                kind=kind,
                priority=priority,
                language=language,
                files=files,
                labels=labels,
            ),
            idempotency_key=idempotency_key,
        )

    def read(self, conversation_id: int) -> shapes.Conversation:
        """One conversation; the number of one that was merged gives the one it is now."""
        return self._core.one(
            shapes.Conversation,
            "GET",
            path_of("/api/v1/conversations/{conversation_id}", conversation_id=conversation_id),
        )

    def change(
        self,
        conversation_id: int,
        *,
        subject: str | Unset | None = UNSET,
        kind: Literal["issue", "account"] | Unset | None = UNSET,
        priority: Literal["urgent", "high", "normal", "low"] | Unset | None = UNSET,
        language: str | Unset | None = UNSET,
        fields: Mapping[str, Any] | Unset | None = UNSET,
        if_match: str | None = None,
    ) -> shapes.Conversation:
        """Change the subject, the kind, the priority, the language or fields."""
        return self._core.one(
            shapes.Conversation,
            "PATCH",
            path_of("/api/v1/conversations/{conversation_id}", conversation_id=conversation_id),
            body=said(subject=subject, kind=kind, priority=priority, language=language, fields=fields),
            if_match=if_match,
        )

    def set_status(
        self,
        conversation_id: int,
        *,
        status: Literal["open", "waiting", "snoozed", "resolved"],
        until: datetime | Unset | None = UNSET,
        if_match: str | None = None,
    ) -> shapes.Conversation:
        """Open it, leave it with the customer, put it aside or resolve it; the same status changes nothing."""
        return self._core.one(
            shapes.Conversation,
            "PUT",
            path_of("/api/v1/conversations/{conversation_id}/status", conversation_id=conversation_id),
            body=said(status=status, until=until),
            if_match=if_match,
        )

    def assign(
        self,
        conversation_id: int,
        *,
        agent_id: int | Unset | None = UNSET,
        team_id: int | Unset | None = UNSET,
        if_match: str | None = None,
    ) -> shapes.Conversation:
        """Give it to an agent, to a team, or to nobody."""
        return self._core.one(
            shapes.Conversation,
            "PUT",
            path_of("/api/v1/conversations/{conversation_id}/assignment", conversation_id=conversation_id),
            body=said(agent_id=agent_id, team_id=team_id),
            if_match=if_match,
        )

    def label(self, conversation_id: int, name: str, *, if_match: str | None = None) -> shapes.Conversation:
        """Put a label on; it is made when it is new."""
        return self._core.one(
            shapes.Conversation,
            "PUT",
            path_of(
                "/api/v1/conversations/{conversation_id}/labels/{name}",
                conversation_id=conversation_id,
                name=name,
            ),
            if_match=if_match,
        )

    def unlabel(self, conversation_id: int, name: str, *, if_match: str | None = None) -> shapes.Conversation:
        """Take a label off; one it does not wear changes nothing."""
        return self._core.one(
            shapes.Conversation,
            "DELETE",
            path_of(
                "/api/v1/conversations/{conversation_id}/labels/{name}",
                conversation_id=conversation_id,
                name=name,
            ),
            if_match=if_match,
        )

    def mark_spam(self, conversation_id: int, *, if_match: str | None = None) -> shapes.Conversation:
        """Put it among the spam."""
        return self._core.one(
            shapes.Conversation,
            "PUT",
            path_of("/api/v1/conversations/{conversation_id}/spam", conversation_id=conversation_id),
            if_match=if_match,
        )

    def unmark_spam(self, conversation_id: int, *, if_match: str | None = None) -> shapes.Conversation:
        """Bring it back: it was no spam."""
        return self._core.one(
            shapes.Conversation,
            "DELETE",
            path_of("/api/v1/conversations/{conversation_id}/spam", conversation_id=conversation_id),
            if_match=if_match,
        )

    def steps(self, conversation_id: int, *, page_size: int | None = None) -> Iterator[shapes.Step]:
        """Everything that was done in it, by whom and when, oldest first."""
        return self._core.every(
            shapes.Step,
            path_of("/api/v1/conversations/{conversation_id}/steps", conversation_id=conversation_id),
            query={"limit": page_size},
        )

    def merges(self, conversation_id: int, *, page_size: int | None = None) -> Iterator[shapes.Merge]:
        """The merges that stand: what was joined to it, the latest first."""
        return self._core.every(
            shapes.Merge,
            path_of("/api/v1/conversations/{conversation_id}/merges", conversation_id=conversation_id),
            query={"limit": page_size},
        )

    def merge(self, conversation_id: int, *, merged_id: int, idempotency_key: str | None = None) -> shapes.Merge:
        """Show another conversation as part of this one from now on."""
        return self._core.one(
            shapes.Merge,
            "POST",
            path_of("/api/v1/conversations/{conversation_id}/merges", conversation_id=conversation_id),
            body=said(merged_id=merged_id),
            idempotency_key=idempotency_key,
        )

    def undo_merge(self, merge_id: int) -> None:
        """Take a merge back: both are shown again, each as it stood."""
        self._core.send("DELETE", path_of("/api/v1/merges/{merge_id}", merge_id=merge_id))

    def split(
        self,
        conversation_id: int,
        *,
        message_id: int,
        subject: str | Unset = UNSET,
        is_alone: bool | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Split:
        """Begin a new conversation with one of its messages, and all after it unless it moves alone."""
        return self._core.one(
            shapes.Split,
            "POST",
            path_of("/api/v1/conversations/{conversation_id}/splits", conversation_id=conversation_id),
            body=said(message_id=message_id, subject=subject, is_alone=is_alone),
            idempotency_key=idempotency_key,
        )

    def undo_split(self, split_id: int) -> None:
        """Bring what was moved back to where it came from; what was said since comes along."""
        self._core.send("DELETE", path_of("/api/v1/splits/{split_id}", split_id=split_id))

    def links(self, conversation_id: int, *, page_size: int | None = None) -> Iterator[shapes.Link]:
        """The conversations that belong to it and stay their own."""
        return self._core.every(
            shapes.Link,
            path_of("/api/v1/conversations/{conversation_id}/links", conversation_id=conversation_id),
            query={"limit": page_size},
        )

    def link(self, conversation_id: int, other_id: int, *, if_match: str | None = None) -> shapes.Conversation:
        """Say that two conversations belong together; once is enough, from whichever side."""
        return self._core.one(
            shapes.Conversation,
            "PUT",
            path_of(
                "/api/v1/conversations/{conversation_id}/links/{other_id}",
                conversation_id=conversation_id,
                other_id=other_id,
            ),
            if_match=if_match,
        )

    def unlink(self, conversation_id: int, other_id: int, *, if_match: str | None = None) -> shapes.Conversation:
        """Say that they do not belong together after all; where they did not, nothing changes."""
        return self._core.one(
            shapes.Conversation,
            "DELETE",
            path_of(
                "/api/v1/conversations/{conversation_id}/links/{other_id}",
                conversation_id=conversation_id,
                other_id=other_id,
            ),
            if_match=if_match,
        )

    def presence(self, conversation_id: int, *, page_size: int | None = None) -> Iterator[shapes.Presence]:
        """The agents who look at it at this moment, by name, and which of them write."""
        return self._core.every(
            shapes.Presence,
            path_of("/api/v1/conversations/{conversation_id}/presence", conversation_id=conversation_id),
            query={"limit": page_size},
        )

    def watchers(self, conversation_id: int, *, page_size: int | None = None) -> Iterator[shapes.Watcher]:
        """The agents who hear of it though it is not theirs."""
        return self._core.every(
            shapes.Watcher,
            path_of("/api/v1/conversations/{conversation_id}/watchers", conversation_id=conversation_id),
            query={"limit": page_size},
        )

    def watch(self, conversation_id: int, agent_id: int, *, if_match: str | None = None) -> shapes.Conversation:
        """Let an agent hear of it who may see it."""
        return self._core.one(
            shapes.Conversation,
            "PUT",
            path_of(
                "/api/v1/conversations/{conversation_id}/watchers/{agent_id}",
                conversation_id=conversation_id,
                agent_id=agent_id,
            ),
            if_match=if_match,
        )

    def unwatch(self, conversation_id: int, agent_id: int, *, if_match: str | None = None) -> shapes.Conversation:
        """Let an agent hear no more of it."""
        return self._core.one(
            shapes.Conversation,
            "DELETE",
            path_of(
                "/api/v1/conversations/{conversation_id}/watchers/{agent_id}",
                conversation_id=conversation_id,
                agent_id=agent_id,
            ),
            if_match=if_match,
        )


class Messages(Group):
    """What is said in a conversation: turns and notes."""

    def list(self, conversation_id: int, *, page_size: int | None = None) -> Iterator[shapes.Message]:
        """Messages and notes, oldest first."""
        return self._core.every(
            shapes.Message,
            path_of("/api/v1/conversations/{conversation_id}/messages", conversation_id=conversation_id),
            query={"limit": page_size},
        )

    def create(
        self,
        conversation_id: int,
        *,
        kind: Literal["reply", "note", "customer"] | Unset = UNSET,
        text: str | Unset = UNSET,
        html: str | Unset = UNSET,
        files: Sequence[str] | Unset = UNSET,
        to: Sequence[shapes.Address] | Unset = UNSET,
        cc: Sequence[shapes.Address] | Unset = UNSET,
        bcc: Sequence[shapes.Address] | Unset = UNSET,
        then: Literal["open", "waiting", "snoozed", "resolved"] | Unset = UNSET,
        until: datetime | Unset | None = UNSET,
        due_at: datetime | Unset | None = UNSET,
        seen: int | Unset | None = UNSET,
        is_automatic: bool | Unset = UNSET,
        mentioned: Sequence[int] | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Message:
        """Answer, note, or put down what the customer said.

        An answer leaves at once, or at `due_at`; an answer with a key that stands for an agent can be taken
        back for ten seconds, as theirs can.
        """
        return self._core.one(
            shapes.Message,
            "POST",
            path_of("/api/v1/conversations/{conversation_id}/messages", conversation_id=conversation_id),
            body=said(
                kind=kind,
                text=text,
                html=html,
                files=files,
                to=to,
                cc=cc,
                bcc=bcc,
                then=then,
                until=until,
                due_at=due_at,
                seen=seen,
                is_automatic=is_automatic,
                mentioned=mentioned,
            ),
            idempotency_key=idempotency_key,
        )

    def read(self, message_id: int) -> shapes.Message:
        """One message, with what became of it."""
        return self._core.one(shapes.Message, "GET", path_of("/api/v1/messages/{message_id}", message_id=message_id))

    def take_back(self, message_id: int) -> None:
        """Take an answer of this key back that has not left; the conversation stands as it did before."""
        self._core.send("DELETE", path_of("/api/v1/messages/{message_id}", message_id=message_id))

    def send_again(self, message_id: int, *, idempotency_key: str | None = None) -> shapes.Message:
        """Send once more what failed, or of which nobody knows whether it arrived."""
        return self._core.one(
            shapes.Message,
            "POST",
            path_of("/api/v1/messages/{message_id}/delivery", message_id=message_id),
            idempotency_key=idempotency_key,
        )

    def deliveries(self, message_id: int, *, page_size: int | None = None) -> Iterator[shapes.Delivery]:
        """Every attempt to get a message out, the newest first."""
        return self._core.every(
            shapes.Delivery,
            path_of("/api/v1/messages/{message_id}/deliveries", message_id=message_id),
            query={"limit": page_size},
        )


class Drafts(Group):
    """What there is to know of drafts."""

    def read(self, conversation_id: int, kind: Literal["message", "note"]) -> shapes.Draft:
        """What the key's agent is writing there: an answer or a note."""
        return self._core.one(
            shapes.Draft,
            "GET",
            path_of(
                "/api/v1/conversations/{conversation_id}/drafts/{kind}",
                conversation_id=conversation_id,
                kind=kind,
            ),
        )

    def save(self, conversation_id: int, kind: Literal["message", "note"], *, text: str) -> shapes.Draft:
        """Keep what is being written; it waits in the composer of the page."""
        return self._core.one(
            shapes.Draft,
            "PUT",
            path_of(
                "/api/v1/conversations/{conversation_id}/drafts/{kind}",
                conversation_id=conversation_id,
                kind=kind,
            ),
            body=said(text=text),
        )

    def discard(self, conversation_id: int, kind: Literal["message", "note"]) -> None:
        """Throw it away."""
        self._core.send(
            "DELETE",
            path_of(
                "/api/v1/conversations/{conversation_id}/drafts/{kind}",
                conversation_id=conversation_id,
                kind=kind,
            ),
        )


class Files(Group):
    """Files of messages. Upload first, then name the id in a message."""

    def upload(
        self,
        content: bytes,
        *,
        name: str,
        content_type: str = "application/octet-stream",
        idempotency_key: str | None = None,
    ) -> shapes.Upload:
        """Take in a file: its bytes are the body, its type the Content-Type; at most 25 MB.

        The same bytes again are the same file, so repeating this call is harmless.
        """
        return self._core.one(
            shapes.Upload,
            "POST",
            "/api/v1/files",
            query={"name": name},
            body=content,
            content_type=content_type,
            idempotency_key=idempotency_key,
        )

    def download(self, file_id: int) -> bytes:
        """The bytes of a file of a message, always to be saved and never to be shown in place."""
        return self._core.content(path_of("/api/v1/files/{file_id}", file_id=file_id))


class Sides(Group):
    """Asking somebody who is not the customer, by mail, beside a conversation. Its customer never sees it."""

    def list(self, conversation_id: int, *, page_size: int | None = None) -> Iterator[shapes.Side]:
        """The side conversations of a conversation, open ones first, the latest of them first."""
        return self._core.every(
            shapes.Side,
            path_of("/api/v1/conversations/{conversation_id}/sides", conversation_id=conversation_id),
            query={"limit": page_size},
        )

    def begin(
        self,
        conversation_id: int,
        *,
        to: Sequence[shapes.Address],
        cc: Sequence[shapes.Address] | Unset = UNSET,
        text: str | Unset = UNSET,
        files: Sequence[str] | Unset = UNSET,
        subject: str | Unset = UNSET,
        channel_id: int | Unset | None = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.SideMessage:
        """Ask somebody. It needs a key that stands for an agent, who hears of the answer."""
        return self._core.one(
            shapes.SideMessage,
            "POST",
            path_of("/api/v1/conversations/{conversation_id}/sides", conversation_id=conversation_id),
            body=said(to=to, cc=cc, text=text, files=files, subject=subject, channel_id=channel_id),
            idempotency_key=idempotency_key,
        )

    def read(self, side_id: int) -> shapes.Side:
        """One side conversation."""
        return self._core.one(shapes.Side, "GET", path_of("/api/v1/sides/{side_id}", side_id=side_id))

    def set_done(self, side_id: int, *, is_done: bool) -> shapes.Side:
        """Say that nothing more is expected of it, or take it up again; an answer does so by itself."""
        return self._core.one(
            shapes.Side,
            "PUT",
            path_of("/api/v1/sides/{side_id}/standing", side_id=side_id),
            body=said(is_done=is_done),
        )

    def messages(self, side_id: int, *, page_size: int | None = None) -> Iterator[shapes.SideMessage]:
        """What was said in it, oldest first; of very long ones the last 200."""
        return self._core.every(
            shapes.SideMessage,
            path_of("/api/v1/sides/{side_id}/messages", side_id=side_id),
            query={"limit": page_size},
        )

    def write(
        self,
        side_id: int,
        *,
        to: Sequence[shapes.Address],
        cc: Sequence[shapes.Address] | Unset = UNSET,
        text: str | Unset = UNSET,
        files: Sequence[str] | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.SideMessage:
        """Write on in it. It needs a key that stands for an agent."""
        return self._core.one(
            shapes.SideMessage,
            "POST",
            path_of("/api/v1/sides/{side_id}/messages", side_id=side_id),
            body=said(to=to, cc=cc, text=text, files=files),
            idempotency_key=idempotency_key,
        )

    def download(self, side_file_id: int) -> bytes:
        """The bytes of a file of a side conversation."""
        return self._core.content(path_of("/api/v1/side-files/{side_file_id}", side_file_id=side_file_id))

    def take_back(self, side_message_id: int) -> None:
        """Take a message of the key's agent back that has not left."""
        self._core.send("DELETE", path_of("/api/v1/side-messages/{side_message_id}", side_message_id=side_message_id))

    def send_again(self, side_message_id: int, *, idempotency_key: str | None = None) -> None:
        """Send once more what failed, or of which nobody knows whether it arrived."""
        self._core.send(
            "POST",
            path_of("/api/v1/side-messages/{side_message_id}/delivery", side_message_id=side_message_id),
            idempotency_key=idempotency_key,
        )


class Customers(Group):
    """The people the company serves."""

    def list(self, *, search: str | None = None, page_size: int | None = None) -> Iterator[shapes.FoundCustomer]:
        """Customers, the newest first; or the twenty a search finds, the likeliest first."""
        return self._core.every(shapes.FoundCustomer, "/api/v1/customers", query={"search": search, "limit": page_size})

    def create(
        self,
        *,
        identities: Sequence[shapes.NewIdentity],
        name: str | Unset | None = UNSET,
        email: str | Unset | None = UNSET,
        phone: str | Unset | None = UNSET,
        language: str | Unset | None = UNSET,
        time_zone: str | Unset | None = UNSET,
        attributes: Mapping[str, str | int | float | bool | None] | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Customer:
        """Make a customer, or say more of one who is known by the first identity already."""
        return self._core.one(
            shapes.Customer,
            "POST",
            "/api/v1/customers",
            body=said(
                name=name,
                email=email,
                phone=phone,
                language=language,
                time_zone=time_zone,
                attributes=attributes,
                identities=identities,
            ),
            idempotency_key=idempotency_key,
        )

    def read(self, customer_id: int) -> shapes.Customer:
        """One customer; the number of one that was merged gives the one they are now."""
        return self._core.one(
            shapes.Customer,
            "GET",
            path_of("/api/v1/customers/{customer_id}", customer_id=customer_id),
        )

    def change(
        self,
        customer_id: int,
        *,
        name: str | Unset | None = UNSET,
        email: str | Unset | None = UNSET,
        phone: str | Unset | None = UNSET,
        language: str | Unset | None = UNSET,
        time_zone: str | Unset | None = UNSET,
        attributes: Mapping[str, str | int | float | bool | None] | Unset = UNSET,
        if_match: str | None = None,
    ) -> shapes.Customer:
        """Change what is known of them."""
        return self._core.one(
            shapes.Customer,
            "PATCH",
            path_of("/api/v1/customers/{customer_id}", customer_id=customer_id),
            body=said(
                name=name,
                email=email,
                phone=phone,
                language=language,
                time_zone=time_zone,
                attributes=attributes,
            ),
            if_match=if_match,
        )

    def erase(self, customer_id: int, *, if_match: str | None = None) -> shapes.Erased:
        """Erase them everywhere and for good, those merged into them too. It cannot be taken back."""
        return self._core.one(
            shapes.Erased,
            "DELETE",
            path_of("/api/v1/customers/{customer_id}", customer_id=customer_id),
            if_match=if_match,
        )

    def identify(
        self,
        customer_id: int,
        *,
        kind: Literal["external", "email", "phone", "handle"],
        value: str,
        idempotency_key: str | None = None,
    ) -> shapes.Customer:
        """Give them a further identity that nobody has yet; their own again changes nothing."""
        return self._core.one(
            shapes.Customer,
            "POST",
            path_of("/api/v1/customers/{customer_id}/identities", customer_id=customer_id),
            body=said(kind=kind, value=value),
            idempotency_key=idempotency_key,
        )

    def label(self, customer_id: int, name: str, *, if_match: str | None = None) -> shapes.Customer:
        """Put a label on; it is made when it is new."""
        return self._core.one(
            shapes.Customer,
            "PUT",
            path_of("/api/v1/customers/{customer_id}/labels/{name}", customer_id=customer_id, name=name),
            if_match=if_match,
        )

    def unlabel(self, customer_id: int, name: str, *, if_match: str | None = None) -> shapes.Customer:
        """Take a label off; one they do not wear changes nothing."""
        return self._core.one(
            shapes.Customer,
            "DELETE",
            path_of("/api/v1/customers/{customer_id}/labels/{name}", customer_id=customer_id, name=name),
            if_match=if_match,
        )

    def consent(
        self,
        customer_id: int,
        purpose: str,
        *,
        is_given: bool,
        source: str,
        text_version: str | Unset = UNSET,
        if_match: str | None = None,
    ) -> shapes.Customer:
        """Record that they agreed to being written to for a purpose, or no longer do; the same again adds

        nothing.
        """
        return self._core.one(
            shapes.Customer,
            "PUT",
            path_of("/api/v1/customers/{customer_id}/consents/{purpose}", customer_id=customer_id, purpose=purpose),
            body=said(is_given=is_given, source=source, text_version=text_version),
            if_match=if_match,
        )

    def facts(
        self,
        customer_id: int,
        *,
        kind: str | None = None,
        page_size: int | None = None,
    ) -> Iterator[shapes.Fact]:
        """What happened to them, those merged into them included, the latest first."""
        return self._core.every(
            shapes.Fact,
            path_of("/api/v1/customers/{customer_id}/facts", customer_id=customer_id),
            query={"kind": kind, "limit": page_size},
        )

    def merges(self, customer_id: int, *, page_size: int | None = None) -> Iterator[shapes.CustomerMerge]:
        """The merges that stand: who was joined to them, the latest first."""
        return self._core.every(
            shapes.CustomerMerge,
            path_of("/api/v1/customers/{customer_id}/merges", customer_id=customer_id),
            query={"limit": page_size},
        )

    def merge(
        self,
        customer_id: int,
        *,
        merged_id: int,
        why: str | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.CustomerMerge:
        """Show another customer as this one from now on; nothing of either is lost, and it can be undone."""
        return self._core.one(
            shapes.CustomerMerge,
            "POST",
            path_of("/api/v1/customers/{customer_id}/merges", customer_id=customer_id),
            body=said(merged_id=merged_id, why=why),
            idempotency_key=idempotency_key,
        )

    def undo_merge(self, merge_id: int) -> None:
        """Take a merge back: both are customers of their own again."""
        self._core.send("DELETE", path_of("/api/v1/customer-merges/{merge_id}", merge_id=merge_id))

    def export(self, customer_id: int) -> bytes:
        """Everything that is kept about them, as a zip. It is on record that it was taken."""
        return self._core.content(path_of("/api/v1/customers/{customer_id}/export", customer_id=customer_id))


class Views(Group):
    """Saved ways of looking at the inbox."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.View]:
        """The views everybody has, then those that were saved; an agent's key sees theirs too."""
        return self._core.every(shapes.View, "/api/v1/views", query={"limit": page_size})

    def create(
        self,
        *,
        name: str,
        conditions: Mapping[str, Any],
        sort: str | Unset = UNSET,
        is_shared: bool | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.View:
        """Save a way of looking at the inbox; for everybody only by whoever may set up the desk."""
        return self._core.one(
            shapes.View,
            "POST",
            "/api/v1/views",
            body=said(name=name, conditions=conditions, sort=sort, is_shared=is_shared),
            idempotency_key=idempotency_key,
        )

    def counts(self, *, page_size: int | None = None) -> Iterator[shapes.ViewCount]:
        """How many conversations each view has now; of those that grow for ever (resolved, spam) nobody counts."""
        return self._core.every(shapes.ViewCount, "/api/v1/views/counts", query={"limit": page_size})

    def conversations(
        self,
        key: str,
        *,
        sort: str | None = None,
        page_size: int | None = None,
    ) -> Iterator[shapes.Conversation]:
        """What is in a view now, in its order or another.

        Of a view that takes long a page may be short, or empty, and have a next one all the same.
        """
        return self._core.every(
            shapes.Conversation,
            path_of("/api/v1/views/{key}/conversations", key=key),
            query={"sort": sort, "limit": page_size},
        )

    def order(self, *, keys: Sequence[str]) -> None:
        """Put saved views in an order."""
        self._core.send("PUT", "/api/v1/views/order", body=said(keys=keys))

    def change(
        self,
        key: str,
        *,
        name: str | Unset | None = UNSET,
        conditions: Mapping[str, Any] | Unset | None = UNSET,
        sort: str | Unset | None = UNSET,
        is_shared: bool | Unset | None = UNSET,
    ) -> shapes.View:
        """Change a saved view. Those everybody has from the start stay as they are."""
        return self._core.one(
            shapes.View,
            "PATCH",
            path_of("/api/v1/views/{key}", key=key),
            body=said(name=name, conditions=conditions, sort=sort, is_shared=is_shared),
        )

    def delete(self, key: str) -> None:
        """Throw a saved view away; the conversations in it stay as they are."""
        self._core.send("DELETE", path_of("/api/v1/views/{key}", key=key))


class Macros(Group):
    """Saved texts agents answer with."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Macro]:
        """Everybody's macros by name; an agent's key sees theirs too."""
        return self._core.every(shapes.Macro, "/api/v1/macros", query={"limit": page_size})

    def create(
        self,
        *,
        name: str,
        text: str | Unset = UNSET,
        is_note: bool | Unset = UNSET,
        deeds: Sequence[shapes.Deed] | Unset = UNSET,
        team_id: int | Unset | None = UNSET,
        is_shared: bool | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Macro:
        """Write a macro: everybody's, a team's, or the agent's own."""
        return self._core.one(
            shapes.Macro,
            "POST",
            "/api/v1/macros",
            body=said(name=name, text=text, is_note=is_note, deeds=deeds, team_id=team_id, is_shared=is_shared),
            idempotency_key=idempotency_key,
        )

    def preview(self, conversation_id: int, macro_id: int) -> shapes.MacroPreview:
        """How a macro would read in a conversation. Nothing is sent: send the text as a message."""
        return self._core.one(
            shapes.MacroPreview,
            "GET",
            path_of(
                "/api/v1/conversations/{conversation_id}/macros/{macro_id}",
                conversation_id=conversation_id,
                macro_id=macro_id,
            ),
        )

    def undo(self, conversation_id: int, macro_id: int, *, if_match: str | None = None) -> shapes.Conversation:
        """Take back what the key's agent last did with a macro there, if nobody changed it since."""
        return self._core.one(
            shapes.Conversation,
            "DELETE",
            path_of(
                "/api/v1/conversations/{conversation_id}/macros/{macro_id}",
                conversation_id=conversation_id,
                macro_id=macro_id,
            ),
            if_match=if_match,
        )

    def use(self, conversation_id: int, macro_id: int, *, idempotency_key: str | None = None) -> shapes.Conversation:
        """Do all that a macro does, or nothing. Its text is not sent: preview it and send that."""
        return self._core.one(
            shapes.Conversation,
            "POST",
            path_of(
                "/api/v1/conversations/{conversation_id}/macros/{macro_id}",
                conversation_id=conversation_id,
                macro_id=macro_id,
            ),
            idempotency_key=idempotency_key,
        )

    def change(
        self,
        macro_id: int,
        *,
        name: str | Unset | None = UNSET,
        text: str | Unset | None = UNSET,
        is_note: bool | Unset | None = UNSET,
        deeds: Sequence[shapes.Deed] | Unset | None = UNSET,
        team_id: int | Unset | None = UNSET,
        is_shared: bool | Unset | None = UNSET,
    ) -> shapes.Macro:
        """Change what a macro says or does, and whose it is."""
        return self._core.one(
            shapes.Macro,
            "PATCH",
            path_of("/api/v1/macros/{macro_id}", macro_id=macro_id),
            body=said(name=name, text=text, is_note=is_note, deeds=deeds, team_id=team_id, is_shared=is_shared),
        )

    def retire(self, macro_id: int) -> None:
        """Offer a macro no more; what was done with it stays."""
        self._core.send("DELETE", path_of("/api/v1/macros/{macro_id}", macro_id=macro_id))


class Agents(Group):
    """What there is to know of agents."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Agent]:
        """The colleagues who may answer, by name."""
        return self._core.every(shapes.Agent, "/api/v1/agents", query={"limit": page_size})


class Teams(Group):
    """What there is to know of teams."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Team]:
        """Every team, by name."""
        return self._core.every(shapes.Team, "/api/v1/teams", query={"limit": page_size})

    def create(
        self,
        *,
        name: str,
        is_open: bool | Unset = UNSET,
        agent_ids: Sequence[int] | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Team:
        """Make a team."""
        return self._core.one(
            shapes.Team,
            "POST",
            "/api/v1/teams",
            body=said(name=name, is_open=is_open, agent_ids=agent_ids),
            idempotency_key=idempotency_key,
        )

    def change(
        self,
        team_id: int,
        *,
        name: str | Unset | None = UNSET,
        is_open: bool | Unset | None = UNSET,
        agent_ids: Sequence[int] | Unset | None = UNSET,
    ) -> shapes.Team:
        """Rename a team, open or close it, say who is in it."""
        return self._core.one(
            shapes.Team,
            "PATCH",
            path_of("/api/v1/teams/{team_id}", team_id=team_id),
            body=said(name=name, is_open=is_open, agent_ids=agent_ids),
        )

    def archive(self, team_id: int) -> None:
        """Put a team away: it takes no more conversations, those it had stay where they are."""
        self._core.send("DELETE", path_of("/api/v1/teams/{team_id}", team_id=team_id))


class Channels(Group):
    """What there is to know of channels."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Channel]:
        """Every channel by name, and whether it works."""
        return self._core.every(shapes.Channel, "/api/v1/channels", query={"limit": page_size})

    def set_paused(self, channel_id: int, *, is_paused: bool) -> shapes.Channel:
        """Let a channel rest, or take it up again; while it rests nothing comes or goes, and nothing is lost."""
        return self._core.one(
            shapes.Channel,
            "PUT",
            path_of("/api/v1/channels/{channel_id}/standing", channel_id=channel_id),
            body=said(is_paused=is_paused),
        )

    def look(self, channel_id: int, *, idempotency_key: str | None = None) -> None:
        """Look for mail now, whatever pause there is after a failure."""
        self._core.send(
            "POST",
            path_of("/api/v1/channels/{channel_id}/look", channel_id=channel_id),
            idempotency_key=idempotency_key,
        )


class Labels(Group):
    """What there is to know of labels."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Named]:
        """Every label of conversations, by name."""
        return self._core.every(shapes.Named, "/api/v1/labels", query={"limit": page_size})

    def create(self, *, name: str, hue: int | Unset | None = UNSET, idempotency_key: str | None = None) -> shapes.Named:
        """Make a label of conversations, or find the one of this name, whatever its case."""
        return self._core.one(
            shapes.Named,
            "POST",
            "/api/v1/labels",
            body=said(name=name, hue=hue),
            idempotency_key=idempotency_key,
        )

    def read(self, label_id: int) -> shapes.Label:
        """One label, and how many conversations bear it."""
        return self._core.one(shapes.Label, "GET", path_of("/api/v1/labels/{label_id}", label_id=label_id))

    def change(
        self,
        label_id: int,
        *,
        name: str | Unset | None = UNSET,
        hue: int | Unset | None = UNSET,
        if_match: str | None = None,
    ) -> shapes.Label:
        """Call a label otherwise, or colour it otherwise; rules, macros, forms, targets and skills follow its

        name.
        """
        return self._core.one(
            shapes.Label,
            "PATCH",
            path_of("/api/v1/labels/{label_id}", label_id=label_id),
            body=said(name=name, hue=hue),
            if_match=if_match,
        )

    def remove(self, label_id: int) -> None:
        """Take a label off every conversation and away, for good. One a rule or a form puts on by itself stays."""
        self._core.send("DELETE", path_of("/api/v1/labels/{label_id}", label_id=label_id))

    def join(self, label_id: int, *, into_id: int, idempotency_key: str | None = None) -> shapes.Label:
        """Make one label of two; the answer is the one that stays, which the other’s name means from then on.

        Whatever names the other follows; many conversations follow within moments, and are counted at once.
        It cannot be taken back; a second time changes nothing.
        """
        return self._core.one(
            shapes.Label,
            "POST",
            path_of("/api/v1/labels/{label_id}/joining", label_id=label_id),
            body=said(into_id=into_id),
            idempotency_key=idempotency_key,
        )


class Fields(Group):
    """What there is to know of fields."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.FieldDefinition]:
        """The company's own fields of conversations, in their order, those that were retired last."""
        return self._core.every(shapes.FieldDefinition, "/api/v1/fields", query={"limit": page_size})

    def create(
        self,
        *,
        label: str,
        kind: str,
        help: str | Unset = UNSET,
        choices: Sequence[shapes.NewChoice] | Unset = UNSET,
        is_required: bool | Unset = UNSET,
        team_ids: Sequence[int] | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.FieldDefinition:
        """Define a field; its key is made of its label and stays when that changes."""
        return self._core.one(
            shapes.FieldDefinition,
            "POST",
            "/api/v1/fields",
            body=said(label=label, kind=kind, help=help, choices=choices, is_required=is_required, team_ids=team_ids),
            idempotency_key=idempotency_key,
        )

    def move(self, field_id: int, *, place: int) -> shapes.FieldDefinition:
        """Show a field earlier or later than others."""
        return self._core.one(
            shapes.FieldDefinition,
            "PUT",
            path_of("/api/v1/fields/{field_id}/place", field_id=field_id),
            body=said(place=place),
        )

    def change(
        self,
        field_id: int,
        *,
        label: str | Unset | None = UNSET,
        help: str | Unset | None = UNSET,
        choices: Sequence[shapes.NewChoice] | Unset | None = UNSET,
        is_required: bool | Unset | None = UNSET,
        team_ids: Sequence[int] | Unset | None = UNSET,
        is_retired: bool | Unset | None = UNSET,
    ) -> shapes.FieldDefinition:
        """Change all of a field but its key and its kind, ask for it no more, or again."""
        return self._core.one(
            shapes.FieldDefinition,
            "PATCH",
            path_of("/api/v1/fields/{field_id}", field_id=field_id),
            body=said(
                label=label,
                help=help,
                choices=choices,
                is_required=is_required,
                team_ids=team_ids,
                is_retired=is_retired,
            ),
        )


class Targets(Group):
    """What there is to know of targets."""

    def read(self) -> shapes.Policy:
        """The business hours and the targets in force."""
        return self._core.one(shapes.Policy, "GET", "/api/v1/targets")

    def keep(
        self,
        *,
        version: int,
        hours: Sequence[shapes.Hours],
        targets: Sequence[shapes.Target],
        usual_hours: str | Unset = UNSET,
        warn_seconds: int | Unset = UNSET,
    ) -> shapes.Policy:
        """Let these hours and targets hold from now on, and no others. What is promised already stays promised."""
        return self._core.one(
            shapes.Policy,
            "PUT",
            "/api/v1/targets",
            body=said(
                version=version,
                usual_hours=usual_hours,
                warn_seconds=warn_seconds,
                hours=hours,
                targets=targets,
            ),
        )


class Rules(Group):
    """What there is to know of rules."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Rule]:
        """Every rule, in the order in which they are asked."""
        return self._core.every(shapes.Rule, "/api/v1/rules", query={"limit": page_size})

    def create(
        self,
        *,
        name: str,
        triggers: Sequence[str],
        conditions: Mapping[str, Any],
        deeds: Sequence[shapes.Deed],
        is_last: bool | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Rule:
        """Write a rule. It is obeyed from now on, after those there are; try it first by pausing it."""
        return self._core.one(
            shapes.Rule,
            "POST",
            "/api/v1/rules",
            body=said(name=name, triggers=triggers, conditions=conditions, deeds=deeds, is_last=is_last),
            idempotency_key=idempotency_key,
        )

    def read(self, rule_id: int) -> shapes.Rule:
        """One rule."""
        return self._core.one(shapes.Rule, "GET", path_of("/api/v1/rules/{rule_id}", rule_id=rule_id))

    def change(
        self,
        rule_id: int,
        *,
        name: str | Unset | None = UNSET,
        triggers: Sequence[str] | Unset | None = UNSET,
        conditions: Mapping[str, Any] | Unset | None = UNSET,
        deeds: Sequence[shapes.Deed] | Unset | None = UNSET,
        is_last: bool | Unset | None = UNSET,
        is_paused: bool | Unset | None = UNSET,
    ) -> shapes.Rule:
        """Change a rule, let it rest or wake it."""
        return self._core.one(
            shapes.Rule,
            "PATCH",
            path_of("/api/v1/rules/{rule_id}", rule_id=rule_id),
            body=said(
                name=name,
                triggers=triggers,
                conditions=conditions,
                deeds=deeds,
                is_last=is_last,
                is_paused=is_paused,
            ),
        )

    def delete(self, rule_id: int) -> None:
        """Throw a rule away; what it did stays on record."""
        self._core.send("DELETE", path_of("/api/v1/rules/{rule_id}", rule_id=rule_id))

    def trial(self, rule_id: int, *, page_size: int | None = None, cursor: str | None = None) -> shapes.Trial:
        """A dry run: the conversations a rule's conditions fit now. Nothing is done in any of them."""
        return self._core.one(
            shapes.Trial,
            "GET",
            path_of("/api/v1/rules/{rule_id}/trial", rule_id=rule_id),
            query={"limit": page_size, "cursor": cursor},
        )

    def firings(self, rule_id: int, *, page_size: int | None = None) -> Iterator[shapes.Firing]:
        """When it fired and what it did, the latest first; the last 1,000 times."""
        return self._core.every(
            shapes.Firing,
            path_of("/api/v1/rules/{rule_id}/firings", rule_id=rule_id),
            query={"limit": page_size},
        )

    def move(self, rule_id: int, *, place: int) -> shapes.Rule:
        """Let a rule be asked earlier or later than others."""
        return self._core.one(
            shapes.Rule,
            "PUT",
            path_of("/api/v1/rules/{rule_id}/place", rule_id=rule_id),
            body=said(place=place),
        )


class Routes(Group):
    """What there is to know of routes."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Route]:
        """How each team's conversations find somebody, where that was said."""
        return self._core.every(shapes.Route, "/api/v1/routes", query={"limit": page_size})

    def set(
        self,
        *,
        team_id: int | None,
        method: Literal["by hand", "in turn", "least busy"],
        is_by_skill: bool,
    ) -> shapes.Route:
        """Say how the conversations of a team, or of none, find somebody from now on."""
        return self._core.one(
            shapes.Route,
            "PUT",
            "/api/v1/routes",
            body=said(team_id=team_id, method=method, is_by_skill=is_by_skill),
        )


class Seats(Group):
    """What there is to know of seats."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Seat]:
        """How much each agent takes and has, by name."""
        return self._core.every(shapes.Seat, "/api/v1/seats", query={"limit": page_size})

    def set(self, agent_id: int, *, capacity: int, skills: Sequence[str] | Unset = UNSET) -> shapes.Seat:
        """Say how many open conversations an agent takes, and what they know."""
        return self._core.one(
            shapes.Seat,
            "PUT",
            path_of("/api/v1/seats/{agent_id}", agent_id=agent_id),
            body=said(capacity=capacity, skills=skills),
        )

    def set_away(self, *, is_away: bool) -> shapes.Away:
        """Get no new conversations until one is back, or get them again: the agent the key stands for."""
        return self._core.one(shapes.Away, "PUT", "/api/v1/away", body=said(is_away=is_away))


class Bulks(Group):
    """One thing done in many conversations at once, and taken back. They need a key that stands for an agent."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Bulk]:
        """What the key's agent did in many at once, the newest first; the last 50."""
        return self._core.every(shapes.Bulk, "/api/v1/bulks", query={"limit": page_size})

    def begin(
        self,
        *,
        deed: str,
        value: str | Unset = UNSET,
        conversation_ids: Sequence[int] | Unset = UNSET,
        view: str | Unset = UNSET,
        conditions: Mapping[str, Any] | Unset | None = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Bulk:
        """Do one thing in many conversations: few at once, more by a job; each that cannot be done says why."""
        return self._core.one(
            shapes.Bulk,
            "POST",
            "/api/v1/bulks",
            body=said(deed=deed, value=value, conversation_ids=conversation_ids, view=view, conditions=conditions),
            idempotency_key=idempotency_key,
        )

    def read(self, bulk_id: int) -> shapes.Bulk:
        """How far one is."""
        return self._core.one(shapes.Bulk, "GET", path_of("/api/v1/bulks/{bulk_id}", bulk_id=bulk_id))

    def undo(self, bulk_id: int, *, idempotency_key: str | None = None) -> shapes.Bulk:
        """Take it back wherever nothing changed since; an answer to many only within its minute."""
        return self._core.one(
            shapes.Bulk,
            "POST",
            path_of("/api/v1/bulks/{bulk_id}/undo", bulk_id=bulk_id),
            idempotency_key=idempotency_key,
        )

    def answer(
        self,
        *,
        conversation_ids: Sequence[int],
        looked_at: datetime,
        macro_id: int | Unset | None = UNSET,
        text: str | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Bulk:
        """Send one answer to many, each in its own conversation; they leave after a minute in which all can be

        undone.
        """
        return self._core.one(
            shapes.Bulk,
            "POST",
            "/api/v1/bulk-answers",
            body=said(conversation_ids=conversation_ids, looked_at=looked_at, macro_id=macro_id, text=text),
            idempotency_key=idempotency_key,
        )

    def preview_answer(
        self,
        *,
        conversation_ids: Sequence[int],
        looked_at: datetime,
        macro_id: int | Unset | None = UNSET,
        text: str | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.BulkAnswerPreviews:
        """How an answer would read in each of these conversations. Nothing is sent."""
        return self._core.one(
            shapes.BulkAnswerPreviews,
            "POST",
            "/api/v1/bulk-answers/preview",
            body=said(conversation_ids=conversation_ids, looked_at=looked_at, macro_id=macro_id, text=text),
            idempotency_key=idempotency_key,
        )


class Suppressed(Group):
    """What there is to know of suppressed."""

    def list(self, *, search: str | None = None, page_size: int | None = None) -> Iterator[shapes.SuppressedAddress]:
        """Addresses nothing is sent to, the newest first."""
        return self._core.every(
            shapes.SuppressedAddress,
            "/api/v1/suppressed-addresses",
            query={"search": search, "limit": page_size},
        )

    def create(
        self,
        *,
        address: str,
        reason: str | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.SuppressedAddress:
        """Send nothing more to an address; one that is here already stays as it is."""
        return self._core.one(
            shapes.SuppressedAddress,
            "POST",
            "/api/v1/suppressed-addresses",
            body=said(address=address, reason=reason),
            idempotency_key=idempotency_key,
        )

    def lift(self, address: str) -> None:
        """Send to an address again."""
        self._core.send("DELETE", path_of("/api/v1/suppressed-addresses/{address}", address=address))


class Letters(Group):
    """What there is to know of letters."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.DeadLetter]:
        """What came in and could not be understood or placed, the newest first."""
        return self._core.every(shapes.DeadLetter, "/api/v1/dead-letters", query={"limit": page_size})

    def download(self, incoming_id: int) -> bytes:
        """The bytes as they came; nothing in them was looked at."""
        return self._core.content(path_of("/api/v1/dead-letters/{incoming_id}/raw", incoming_id=incoming_id))

    def retry(self, incoming_id: int, *, idempotency_key: str | None = None) -> None:
        """Try once more to understand and place it; what cannot be comes back to the list."""
        self._core.send(
            "POST",
            path_of("/api/v1/dead-letters/{incoming_id}/retry", incoming_id=incoming_id),
            idempotency_key=idempotency_key,
        )


class Forms(Group):
    """What there is to know of forms."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Form]:
        """Every form by name."""
        return self._core.every(shapes.Form, "/api/v1/forms", query={"limit": page_size})

    def create(
        self,
        *,
        title: str,
        slug: str | Unset = UNSET,
        intro: str | Unset = UNSET,
        thanks: str | Unset = UNSET,
        asks_name: Literal["off", "optional", "required"] | Unset = UNSET,
        asks_subject: Literal["off", "optional", "required"] | Unset = UNSET,
        takes_files: bool | Unset = UNSET,
        fields: Sequence[shapes.NewFormField] | Unset = UNSET,
        mailbox_id: int | Unset | None = UNSET,
        team_id: int | Unset | None = UNSET,
        priority: Literal["urgent", "high", "normal", "low"] | Unset = UNSET,
        label: str | Unset = UNSET,
        sites: Sequence[str] | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Form:
        """Make a form with its questions; it can be filled in at once."""
        return self._core.one(
            shapes.Form,
            "POST",
            "/api/v1/forms",
            body=said(
                title=title,
                slug=slug,
                intro=intro,
                thanks=thanks,
                asks_name=asks_name,
                asks_subject=asks_subject,
                takes_files=takes_files,
                fields=fields,
                mailbox_id=mailbox_id,
                team_id=team_id,
                priority=priority,
                label=label,
                sites=sites,
            ),
            idempotency_key=idempotency_key,
        )

    def read(self, form_id: int) -> shapes.Form:
        """One form."""
        return self._core.one(shapes.Form, "GET", path_of("/api/v1/forms/{form_id}", form_id=form_id))

    def change(
        self,
        form_id: int,
        *,
        title: str | Unset | None = UNSET,
        slug: str | Unset | None = UNSET,
        intro: str | Unset | None = UNSET,
        thanks: str | Unset | None = UNSET,
        asks_name: Literal["off", "optional", "required"] | Unset | None = UNSET,
        asks_subject: Literal["off", "optional", "required"] | Unset | None = UNSET,
        takes_files: bool | Unset | None = UNSET,
        fields: Sequence[shapes.NewFormField] | Unset | None = UNSET,
        mailbox_id: int | Unset | None = UNSET,
        team_id: int | Unset | None = UNSET,
        priority: Literal["urgent", "high", "normal", "low"] | Unset | None = UNSET,
        label: str | Unset | None = UNSET,
        sites: Sequence[str] | Unset | None = UNSET,
        is_paused: bool | Unset | None = UNSET,
        if_match: str | None = None,
    ) -> shapes.Form:
        """Change what a form says, asks and leads to; switch it off or on. What was answered before stays."""
        return self._core.one(
            shapes.Form,
            "PATCH",
            path_of("/api/v1/forms/{form_id}", form_id=form_id),
            body=said(
                title=title,
                slug=slug,
                intro=intro,
                thanks=thanks,
                asks_name=asks_name,
                asks_subject=asks_subject,
                takes_files=takes_files,
                fields=fields,
                mailbox_id=mailbox_id,
                team_id=team_id,
                priority=priority,
                label=label,
                sites=sites,
                is_paused=is_paused,
            ),
            if_match=if_match,
        )

    def archive(self, form_id: int) -> None:
        """Put a form away; its conversations stay."""
        self._core.send("DELETE", path_of("/api/v1/forms/{form_id}", form_id=form_id))


class Portal(Group):
    """What there is to know of portal."""

    def read(self) -> shapes.Portal:
        """Where customers sign in, and which mailbox lets them."""
        return self._core.one(shapes.Portal, "GET", "/api/v1/portal")

    def set_mailbox(self, *, mailbox_id: int | None) -> shapes.Portal:
        """Choose the mailbox that mails customers the link that lets them in, or none."""
        return self._core.one(shapes.Portal, "PUT", "/api/v1/portal", body=said(mailbox_id=mailbox_id))


class Mailboxes(Group):
    """What there is to know of mailboxes."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Mailbox]:
        """Every mailbox by name."""
        return self._core.every(shapes.Mailbox, "/api/v1/mailboxes", query={"limit": page_size})

    def create(
        self,
        *,
        name: str,
        address: str,
        imap_host: str | Unset = UNSET,
        imap_security: Literal["tls", "starttls", "none"] | Unset = UNSET,
        imap_port: int | Unset | None = UNSET,
        imap_user: str | Unset = UNSET,
        imap_auth: Literal["password", "xoauth2"] | Unset = UNSET,
        imap_folder: str | Unset = UNSET,
        imap_since_days: int | Unset | None = UNSET,
        in_provider: str | Unset = UNSET,
        smtp_host: str | Unset = UNSET,
        smtp_security: Literal["tls", "starttls", "none"] | Unset = UNSET,
        smtp_port: int | Unset | None = UNSET,
        smtp_user: str | Unset = UNSET,
        smtp_auth: Literal["password", "xoauth2"] | Unset = UNSET,
        out_provider: str | Unset = UNSET,
        out_domain: str | Unset = UNSET,
        out_region: Literal["", "eu"] | Unset = UNSET,
        oauth_giver: Literal["", "google", "microsoft", "other"] | Unset = UNSET,
        oauth_client_id: str | Unset = UNSET,
        oauth_authorize_url: str | Unset = UNSET,
        oauth_token_url: str | Unset = UNSET,
        oauth_scope: str | Unset = UNSET,
        dkim_selector: str | Unset = UNSET,
        dkim_domain: str | Unset = UNSET,
        from_name: str | Unset = UNSET,
        signature: str | Unset = UNSET,
        quote_previous: bool | Unset = UNSET,
        plus_address: bool | Unset = UNSET,
        subject_number: bool | Unset = UNSET,
        open_days: int | Unset | None = UNSET,
        reopen_days: int | Unset | None = UNSET,
        automatic_per_day: int | Unset | None = UNSET,
        automatic_a_day: int | Unset | None = UNSET,
        imap_password: str | Unset = UNSET,
        imap_token: str | Unset = UNSET,
        smtp_password: str | Unset = UNSET,
        smtp_token: str | Unset = UNSET,
        in_signing_key: str | Unset = UNSET,
        out_key: str | Unset = UNSET,
        oauth_secret: str | Unset = UNSET,
        dkim_key: str | Unset = UNSET,
        team_id: int | Unset | None = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Mailbox:
        """Make a mailbox once its server let us in. One that is fetched rests until it is begun: test it first."""
        return self._core.one(
            shapes.Mailbox,
            "POST",
            "/api/v1/mailboxes",
            body=said(
                imap_host=imap_host,
                imap_security=imap_security,
                imap_port=imap_port,
                imap_user=imap_user,
                imap_auth=imap_auth,
                imap_folder=imap_folder,
                imap_since_days=imap_since_days,
                in_provider=in_provider,
                smtp_host=smtp_host,
                smtp_security=smtp_security,
                smtp_port=smtp_port,
                smtp_user=smtp_user,
                smtp_auth=smtp_auth,
                out_provider=out_provider,
                out_domain=out_domain,
                out_region=out_region,
                oauth_giver=oauth_giver,
                oauth_client_id=oauth_client_id,
                oauth_authorize_url=oauth_authorize_url,
                oauth_token_url=oauth_token_url,
                oauth_scope=oauth_scope,
                dkim_selector=dkim_selector,
                dkim_domain=dkim_domain,
                from_name=from_name,
                signature=signature,
                quote_previous=quote_previous,
                plus_address=plus_address,
                subject_number=subject_number,
                open_days=open_days,
                reopen_days=reopen_days,
                automatic_per_day=automatic_per_day,
                automatic_a_day=automatic_a_day,
                imap_password=imap_password,
                imap_token=imap_token,
                smtp_password=smtp_password,
                smtp_token=smtp_token,
                in_signing_key=in_signing_key,
                out_key=out_key,
                oauth_secret=oauth_secret,
                dkim_key=dkim_key,
                name=name,
                address=address,
                team_id=team_id,
            ),
            idempotency_key=idempotency_key,
        )

    def read(self, mailbox_id: int) -> shapes.Mailbox:
        """One mailbox, without its secrets."""
        return self._core.one(shapes.Mailbox, "GET", path_of("/api/v1/mailboxes/{mailbox_id}", mailbox_id=mailbox_id))

    def change(
        self,
        mailbox_id: int,
        *,
        imap_host: str | Unset = UNSET,
        imap_security: Literal["tls", "starttls", "none"] | Unset = UNSET,
        imap_port: int | Unset | None = UNSET,
        imap_user: str | Unset = UNSET,
        imap_auth: Literal["password", "xoauth2"] | Unset = UNSET,
        imap_folder: str | Unset = UNSET,
        imap_since_days: int | Unset | None = UNSET,
        in_provider: str | Unset = UNSET,
        smtp_host: str | Unset = UNSET,
        smtp_security: Literal["tls", "starttls", "none"] | Unset = UNSET,
        smtp_port: int | Unset | None = UNSET,
        smtp_user: str | Unset = UNSET,
        smtp_auth: Literal["password", "xoauth2"] | Unset = UNSET,
        out_provider: str | Unset = UNSET,
        out_domain: str | Unset = UNSET,
        out_region: Literal["", "eu"] | Unset = UNSET,
        oauth_giver: Literal["", "google", "microsoft", "other"] | Unset = UNSET,
        oauth_client_id: str | Unset = UNSET,
        oauth_authorize_url: str | Unset = UNSET,
        oauth_token_url: str | Unset = UNSET,
        oauth_scope: str | Unset = UNSET,
        dkim_selector: str | Unset = UNSET,
        dkim_domain: str | Unset = UNSET,
        from_name: str | Unset = UNSET,
        signature: str | Unset = UNSET,
        quote_previous: bool | Unset = UNSET,
        plus_address: bool | Unset = UNSET,
        subject_number: bool | Unset = UNSET,
        open_days: int | Unset | None = UNSET,
        reopen_days: int | Unset | None = UNSET,
        automatic_per_day: int | Unset | None = UNSET,
        automatic_a_day: int | Unset | None = UNSET,
        imap_password: str | Unset = UNSET,
        imap_token: str | Unset = UNSET,
        smtp_password: str | Unset = UNSET,
        smtp_token: str | Unset = UNSET,
        in_signing_key: str | Unset = UNSET,
        out_key: str | Unset = UNSET,
        oauth_secret: str | Unset = UNSET,
        dkim_key: str | Unset = UNSET,
        name: str | Unset | None = UNSET,
        address: str | Unset | None = UNSET,
        team_id: int | Unset | None = UNSET,
        is_paused: bool | Unset | None = UNSET,
        if_match: str | None = None,
    ) -> shapes.Mailbox:
        """Change a mailbox once its server let us in, begin it, or let it rest. What could not leave is tried

        anew.
        """
        return self._core.one(
            shapes.Mailbox,
            "PATCH",
            path_of("/api/v1/mailboxes/{mailbox_id}", mailbox_id=mailbox_id),
            body=said(
                imap_host=imap_host,
                imap_security=imap_security,
                imap_port=imap_port,
                imap_user=imap_user,
                imap_auth=imap_auth,
                imap_folder=imap_folder,
                imap_since_days=imap_since_days,
                in_provider=in_provider,
                smtp_host=smtp_host,
                smtp_security=smtp_security,
                smtp_port=smtp_port,
                smtp_user=smtp_user,
                smtp_auth=smtp_auth,
                out_provider=out_provider,
                out_domain=out_domain,
                out_region=out_region,
                oauth_giver=oauth_giver,
                oauth_client_id=oauth_client_id,
                oauth_authorize_url=oauth_authorize_url,
                oauth_token_url=oauth_token_url,
                oauth_scope=oauth_scope,
                dkim_selector=dkim_selector,
                dkim_domain=dkim_domain,
                from_name=from_name,
                signature=signature,
                quote_previous=quote_previous,
                plus_address=plus_address,
                subject_number=subject_number,
                open_days=open_days,
                reopen_days=reopen_days,
                automatic_per_day=automatic_per_day,
                automatic_a_day=automatic_a_day,
                imap_password=imap_password,
                imap_token=imap_token,
                smtp_password=smtp_password,
                smtp_token=smtp_token,
                in_signing_key=in_signing_key,
                out_key=out_key,
                oauth_secret=oauth_secret,
                dkim_key=dkim_key,
                name=name,
                address=address,
                team_id=team_id,
                is_paused=is_paused,
            ),
            if_match=if_match,
        )

    def archive(self, mailbox_id: int) -> None:
        """Put a mailbox away; its conversations stay."""
        self._core.send("DELETE", path_of("/api/v1/mailboxes/{mailbox_id}", mailbox_id=mailbox_id))

    def test(
        self,
        mailbox_id: int,
        *,
        sends: bool | Unset = UNSET,
        wait_seconds: float | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Tested:
        """Look into it without bringing anything, and, if asked to, send a mail from it to itself and see it

        come.

        Repeated with its key it looks again, sends no second mail, and tells again what became of the first.
        """
        return self._core.one(
            shapes.Tested,
            "POST",
            path_of("/api/v1/mailboxes/{mailbox_id}/test", mailbox_id=mailbox_id),
            body=said(sends=sends, wait_seconds=wait_seconds),
            idempotency_key=idempotency_key,
        )

    def renew_doors(self, mailbox_id: int, *, idempotency_key: str | None = None) -> shapes.Doors:
        """Have its mail service call other addresses from now on; those before work no more."""
        return self._core.one(
            shapes.Doors,
            "POST",
            path_of("/api/v1/mailboxes/{mailbox_id}/doors", mailbox_id=mailbox_id),
            idempotency_key=idempotency_key,
        )


class Exports(Group):
    """Everything that is kept, in one file. They need a key with the scope export."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Export]:
        """Exports that were asked for, the newest first; the last 20."""
        return self._core.every(shapes.Export, "/api/v1/exports", query={"limit": page_size})

    def ask(
        self,
        *,
        form: Literal["jsonl", "mbox", "both"] | Unset = UNSET,
        since: datetime | Unset | None = UNSET,
        has_files: bool | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Export:
        """Have everything written into one file, which is kept for three days; one at a time. It is on record.

        It needs a key that stands for an agent who may export everything.
        """
        return self._core.one(
            shapes.Export,
            "POST",
            "/api/v1/exports",
            body=said(form=form, since=since, has_files=has_files),
            idempotency_key=idempotency_key,
        )

    def read(self, export_id: int) -> shapes.Export:
        """How far one is."""
        return self._core.one(shapes.Export, "GET", path_of("/api/v1/exports/{export_id}", export_id=export_id))

    def download(self, export_id: int) -> bytes:
        """The zip file, while it is kept. That it was taken is on record."""
        return self._core.content(path_of("/api/v1/exports/{export_id}/file", export_id=export_id))


class Numbers(Group):
    """How the desk is doing."""

    def read(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        step: Literal["day", "week", "month"] | None = None,
        by: str | None = None,
        time: Literal["business", "calendar"] | None = None,
        agent_id: int | None = None,
        team_id: int | None = None,
        channel_id: int | None = None,
        priority: Literal["urgent", "high", "normal", "low"] | None = None,
        kind: Literal["issue", "account"] | None = None,
        label: str | None = None,
        customer_label: str | None = None,
        field: str | None = None,
    ) -> shapes.Numbers:
        """How much came in, how long it took, which promises were kept, what is left, and who carries how much."""
        return self._core.one(
            shapes.Numbers,
            "GET",
            "/api/v1/numbers",
            query={
                "since": since,
                "until": until,
                "step": step,
                "by": by,
                "time": time,
                "agent_id": agent_id,
                "team_id": team_id,
                "channel_id": channel_id,
                "priority": priority,
                "kind": kind,
                "label": label,
                "customer_label": customer_label,
                "field": field,
            },
        )

    def behind(
        self,
        *,
        measure: str,
        since: date | None = None,
        until: date | None = None,
        step: Literal["day", "week", "month"] | None = None,
        by: str | None = None,
        time: Literal["business", "calendar"] | None = None,
        agent_id: int | None = None,
        team_id: int | None = None,
        channel_id: int | None = None,
        priority: Literal["urgent", "high", "normal", "low"] | None = None,
        kind: Literal["issue", "account"] | None = None,
        label: str | None = None,
        customer_label: str | None = None,
        field: str | None = None,
        at: date | None | None = None,
        group: str | None | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> shapes.Found:
        """The conversations behind one of these numbers, the longest first."""
        return self._core.one(
            shapes.Found,
            "GET",
            "/api/v1/numbers/behind",
            query={
                "since": since,
                "until": until,
                "step": step,
                "by": by,
                "time": time,
                "agent_id": agent_id,
                "team_id": team_id,
                "channel_id": channel_id,
                "priority": priority,
                "kind": kind,
                "label": label,
                "customer_label": customer_label,
                "field": field,
                "measure": measure,
                "at": at,
                "group": group,
                "limit": page_size,
                "cursor": cursor,
            },
        )


class Reports(Group):
    """What there is to know of reports."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Report]:
        """The figures that go to the key's agent by mail, the oldest wish first."""
        return self._core.every(shapes.Report, "/api/v1/reports", query={"limit": page_size})

    def create(
        self,
        *,
        every: Literal["day", "week", "month"],
        last: Literal[7, 28, 90, 365] | Unset | None = UNSET,
        since: date | Unset | None = UNSET,
        by: str | Unset = UNSET,
        step: Literal["", "day", "week", "month"] | Unset = UNSET,
        time: Literal["business", "calendar"] | Unset = UNSET,
        agent_id: int | Unset | None = UNSET,
        team_id: int | Unset | None = UNSET,
        channel_id: int | Unset | None = UNSET,
        priority: Literal["urgent", "high", "normal", "low"] | Unset | None = UNSET,
        label: str | Unset | None = UNSET,
        customer_label: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Report:
        """Have figures mailed to the key's agent: every morning, on Mondays, or on the first of a month."""
        return self._core.one(
            shapes.Report,
            "POST",
            "/api/v1/reports",
            body=said(
                every=every,
                last=last,
                since=since,
                by=by,
                step=step,
                time=time,
                agent_id=agent_id,
                team_id=team_id,
                channel_id=channel_id,
                priority=priority,
                label=label,
                customer_label=customer_label,
            ),
            idempotency_key=idempotency_key,
        )

    def stop(self, report_id: int) -> None:
        """Have them mailed no more; only whom they go to may say so."""
        self._core.send("DELETE", path_of("/api/v1/reports/{report_id}", report_id=report_id))


class Webhooks(Group):
    """Addresses that are told what happens. They need a key with read and write."""

    def list(self, *, page_size: int | None = None) -> Iterator[shapes.Webhook]:
        """Every webhook, the newest first."""
        return self._core.every(shapes.Webhook, "/api/v1/webhooks", query={"limit": page_size})

    def create(
        self,
        *,
        url: str,
        events: Sequence[str] | Unset = UNSET,
        description: str | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.MadeWebhook:
        """Make a webhook. The same call repeated with its Idempotency-Key answers the secret again."""
        return self._core.one(
            shapes.MadeWebhook,
            "POST",
            "/api/v1/webhooks",
            body=said(url=url, events=events, description=description),
            idempotency_key=idempotency_key,
        )

    def read(self, webhook_id: int) -> shapes.Webhook:
        """One webhook, without its secret."""
        return self._core.one(shapes.Webhook, "GET", path_of("/api/v1/webhooks/{webhook_id}", webhook_id=webhook_id))

    def change(
        self,
        webhook_id: int,
        *,
        url: str | Unset | None = UNSET,
        events: Sequence[str] | Unset | None = UNSET,
        description: str | Unset | None = UNSET,
        is_paused: bool | Unset | None = UNSET,
    ) -> shapes.Webhook:
        """Change where it goes, what it is told, and whether."""
        return self._core.one(
            shapes.Webhook,
            "PATCH",
            path_of("/api/v1/webhooks/{webhook_id}", webhook_id=webhook_id),
            body=said(url=url, events=events, description=description, is_paused=is_paused),
        )

    def end(self, webhook_id: int) -> None:
        """Tell it nothing more."""
        self._core.send("DELETE", path_of("/api/v1/webhooks/{webhook_id}", webhook_id=webhook_id))

    def rotate(self, webhook_id: int, *, idempotency_key: str | None = None) -> shapes.Secret:
        """Give it another secret."""
        return self._core.one(
            shapes.Secret,
            "POST",
            path_of("/api/v1/webhooks/{webhook_id}/secret", webhook_id=webhook_id),
            idempotency_key=idempotency_key,
        )

    def test(self, webhook_id: int, *, idempotency_key: str | None = None) -> shapes.Notice:
        """Send it something that did not happen, to see whether it listens."""
        return self._core.one(
            shapes.Notice,
            "POST",
            path_of("/api/v1/webhooks/{webhook_id}/test", webhook_id=webhook_id),
            idempotency_key=idempotency_key,
        )

    def notices(
        self,
        webhook_id: int,
        *,
        state: Literal["queued", "sent", "failed"] | None = None,
        page_size: int | None = None,
    ) -> Iterator[shapes.Notice]:
        """What it was told, the newest first; kept for as long as a setting says, usually 30 days."""
        return self._core.every(
            shapes.Notice,
            path_of("/api/v1/webhooks/{webhook_id}/notices", webhook_id=webhook_id),
            query={"state": state, "limit": page_size},
        )

    def replay(self, webhook_id: int, notice_id: int, *, idempotency_key: str | None = None) -> shapes.Notice:
        """Tell it once more, with the same id."""
        return self._core.one(
            shapes.Notice,
            "POST",
            path_of(
                "/api/v1/webhooks/{webhook_id}/notices/{notice_id}/replay",
                webhook_id=webhook_id,
                notice_id=notice_id,
            ),
            idempotency_key=idempotency_key,
        )

    def replay_span(
        self,
        webhook_id: int,
        *,
        since: datetime,
        until: datetime,
        states: Sequence[Literal["sent", "failed"]] | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> shapes.Replayed:
        """Tell it once more what it was told, or failed to take, in a span of time."""
        return self._core.one(
            shapes.Replayed,
            "POST",
            path_of("/api/v1/webhooks/{webhook_id}/replays", webhook_id=webhook_id),
            body=said(since=since, until=until, states=states),
            idempotency_key=idempotency_key,
        )


class Groups:
    """Every kind of thing there are calls about."""

    def __init__(self, core: Core) -> None:
        self.conversations: Conversations = Conversations(core)
        self.messages: Messages = Messages(core)
        self.files: Files = Files(core)
        self.sides: Sides = Sides(core)
        self.views: Views = Views(core)
        self.macros: Macros = Macros(core)
        self.customers: Customers = Customers(core)
        self.agents: Agents = Agents(core)
        self.teams: Teams = Teams(core)
        self.channels: Channels = Channels(core)
        self.labels: Labels = Labels(core)
        self.fields: Fields = Fields(core)
        self.targets: Targets = Targets(core)
        self.rules: Rules = Rules(core)
        self.bulks: Bulks = Bulks(core)
        self.drafts: Drafts = Drafts(core)
        self.routes: Routes = Routes(core)
        self.seats: Seats = Seats(core)
        self.suppressed: Suppressed = Suppressed(core)
        self.letters: Letters = Letters(core)
        self.forms: Forms = Forms(core)
        self.portal: Portal = Portal(core)
        self.mailboxes: Mailboxes = Mailboxes(core)
        self.exports: Exports = Exports(core)
        self.numbers: Numbers = Numbers(core)
        self.reports: Reports = Reports(core)
        self.webhooks: Webhooks = Webhooks(core)
