"""Conversations as they are taken along, and what was said and done in them, field by field."""

from typing import Final

from regulars.kernel.moving_out import Kind, since
from regulars.kernel.said import IN_ENGLISH

# A conversation is taken when something was said in it since; then all of it is.
LATELY = f"EXISTS (SELECT 1 FROM desk_conversation AS c WHERE c.id = m.conversation_id AND {since('c.last_at')})"

# What was taken back before it left was never said: nobody got it, and it goes along nowhere.
STANDS: Final = "m.removed_at IS NULL"

_LABELS = """ARRAY(SELECT l.name FROM desk_conversation_labels AS w JOIN desk_label AS l ON l.id = w.label_id
    WHERE w.conversation_id = c.id ORDER BY l.name)"""
_WATCHERS = "ARRAY(SELECT w.agent_id FROM desk_watch AS w WHERE w.conversation_id = c.id ORDER BY w.agent_id)"
_MENTIONS = "ARRAY(SELECT n.agent_id FROM desk_mention AS n WHERE n.message_id = m.id ORDER BY n.agent_id)"

_SAID = {
    "id": ("m.id", "its number; in a conversation they grow in the order in which it got them"),
    "conversation_id": ("m.conversation_id", "the conversation it was said in"),
    "author_kind": ("m.author_kind", "customer, agent, bot, rule, key or system"),
    "author_id": ("m.author_id", "the number of the customer or the agent, or null"),
    "author_name": ("m.author_name", "their name then"),
    "at": ("m.at", "when it was said"),
    "text": ("m.text", "what was written"),
}

KINDS: Final = (
    Kind(
        "conversations",
        "Conversations, those merged into another and spam included.",
        "desk_conversation AS c",
        "c.id",
        lately=since("c.last_at"),
        fields={
            "id": ("c.id", "its number"),
            "customer_id": ("c.customer_id", "whose it is"),
            "channel_id": ("c.channel_id", "the channel it began on"),
            "kind": ("c.kind", "issue or account"),
            "status": ("c.status", "open, waiting, snoozed or resolved"),
            "priority": ("c.priority", "1 urgent, 2 high, 3 normal, 4 low"),
            "subject": ("c.subject", "its subject"),
            "team_id": ("c.team_id", "the team that has it, or null"),
            "assignee_id": ("c.assignee_id", "the agent who has it, or null"),
            "labels": (_LABELS, "its labels"),
            "watcher_ids": (_WATCHERS, "agents who want to hear of it"),
            "fields": ("c.fields", "the company's own fields, by key"),
            "language": ("c.language", "its language"),
            "created_at": ("c.created_at", "when it began"),
            "last_at": ("c.last_at", "the last message or note"),
            "waiting_since": ("c.waiting_since", "since when the customer waits for an answer, or null"),
            "snoozed_until": ("c.snoozed_until", "when it comes back, or null"),
            "resolved_at": ("c.resolved_at", "when it was resolved, or null"),
            "resolved_by": ("c.resolved_by", "who resolved it"),
            "spam_at": ("c.spam_at", "when it was marked as spam, or null"),
            "read_message_id": ("c.read_message_id", "the last answer the customer opened in the portal, or null"),
            "read_at": ("c.read_at", "when they did, or null"),
            "merged_into_id": ("c.merged_into_id", "the conversation it is shown in, or null"),
            "is_history": ("c.is_history", "whether it came from before this desk"),
            "key": ("c.key", "what it was called where it came from, or null"),
        },
    ),
    Kind(
        "messages",
        "What was said between customers and the company.",
        "desk_message AS m",
        "m.id",
        where=f"m.kind = 'message' AND {STANDS}",
        lately=LATELY,
        fields={
            **_SAID,
            "channel_id": ("m.channel_id", "the channel it came or left on, or null"),
            "subject": ("m.subject", "its own subject, where it had one"),
            "quoted": ("m.quoted", "what it quoted"),
            "signature": ("m.signature", "the signature below it"),
            "html": ("m.html", "as it was sent, where it was HTML; not sanitised"),
            "recipients": ("m.recipients", "from, to, cc, bcc, reply_to: lists of name and address"),
            "created_at": ("m.created_at", "when it was stored here"),
            "is_automatic": ("m.is_automatic", "whether a machine wrote it"),
            "automatic_reason": ("m.automatic_reason", "by what that is known"),
            "external_id": ("m.external_id", "its Message-ID, without brackets"),
            "state": ("m.state", "of what went out: queued, leaving, sent, failed, unknown or cancelled"),
            "due_at": ("m.due_at", "when it leaves, or null"),
            "trouble": (IN_ENGLISH.format("m.trouble"), "what went wrong on its way"),
        },
    ),
    Kind(
        "notes",
        "What colleagues wrote for each other.",
        "desk_message AS m",
        "m.id",
        where=f"m.kind = 'note' AND {STANDS}",
        lately=LATELY,
        fields={**_SAID, "mentions": (_MENTIONS, "agents it names")},
    ),
    Kind(
        "steps",
        "Everything done in conversations: who, what and when.",
        "desk_step AS m",
        "m.id",
        lately=LATELY,
        fields={
            "id": ("m.id", "its number"),
            "conversation_id": ("m.conversation_id", "in which conversation"),
            "at": ("m.at", "when"),
            "actor": ("m.actor", "who: agent:3, customer:9, rule:2, key:1, bot or system"),
            "actor_name": ("m.actor_name", "their name then"),
            "verb": ("m.verb", "what they did"),
            "details": ("m.details", "before, after and what else belongs to it"),
            "batch": ("m.batch", "the bulk action it was part of, or empty"),
        },
    ),
    Kind(
        "links",
        "Conversations that belong together.",
        "desk_link AS m",
        "m.id",
        lately=LATELY,
        fields={
            "conversation_id": ("m.conversation_id", "one"),
            "other_id": ("m.other_id", "the other"),
            "why": ("m.why", "follows, same mail, by hand or split from"),
            "at": ("m.at", "since when"),
            "by": ("m.by", "who linked them"),
        },
    ),
    Kind(
        "merges",
        "Conversations that were joined, and what was taken back.",
        "desk_merge AS m",
        "m.id",
        lately=LATELY.replace("m.conversation_id", "m.kept_id"),
        fields={
            "kept_id": ("m.kept_id", "the one that is shown"),
            "merged_id": ("m.merged_id", "the one that was joined to it"),
            "at": ("m.at", "when"),
            "actor": ("m.actor", "who did it"),
            "before": ("m.before", "how both stood before: status, snoozed_until, waiting_since"),
            "undone_at": ("m.undone_at", "when it was taken back, or null"),
            "undone_by": ("m.undone_by", "who took it back"),
        },
    ),
    Kind(
        "firings",
        "What rules did, and why.",
        "desk_firing AS m",
        "m.id",
        lately=LATELY,
        fields={
            "id": ("m.id", "its number"),
            "rule_id": ("m.rule_id", "which rule, or null when it is gone"),
            "rule_name": ("m.rule_name", "what it was called"),
            "conversation_id": ("m.conversation_id", "in which conversation"),
            "because": ("m.because", "the fact that made it fire"),
            "trigger": ("m.trigger", "what it waited for"),
            "at": ("m.at", "when"),
            "did": ("m.did", "what it did"),
            "trouble": ("m.trouble", "what it could not do"),
        },
    ),
    Kind(
        "routed",
        "Who was given conversations by themselves, and how likely each was.",
        "desk_routed AS m",
        "m.id",
        lately=LATELY,
        fields={
            "id": ("m.id", "its number"),
            "conversation_id": ("m.conversation_id", "which conversation"),
            "agent_id": ("m.agent_id", "who got it"),
            "at": ("m.at", "when"),
            "method": ("m.method", "in turn or least busy"),
            "among": ("m.among", "among how many"),
            "probability": ("m.probability", "how likely it was to be them"),
        },
    ),
)
