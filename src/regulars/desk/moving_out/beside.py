"""Side conversations as they are taken along, and the files of what was said there and in conversations."""

from typing import Final

from regulars.desk.moving_out.said import LATELY, STANDS
from regulars.kernel.moving_out import Kind
from regulars.kernel.said import IN_ENGLISH

_SIDE_LATELY = LATELY.replace("m.conversation_id", "s.conversation_id")

_FILE = {
    "of": ("f.kind", "message or side_message"),
    "message_id": ("f.message_id", "which of them it hangs on"),
    "name": ("f.name", "its name"),
    "type": ("f.type", "its media type"),
    "size": ("f.size", "its bytes"),
    "sha256": ("f.digest", "the SHA-256 of its bytes"),
    "path": ("'attachments/' || left(f.digest, 2) || '/' || f.digest", "where it lies in the export"),
    "content_id": ("f.content_id", "by which the HTML shows it, or empty"),
    "is_inline": ("f.is_inline", "whether the HTML shows it"),
}
FILES = f"""(SELECT 'message' AS kind, f.message_id, f.name, f.type, f.size, f.digest, f.content_id, f.is_inline,
        f.id, m.conversation_id
    FROM desk_attachment AS f JOIN desk_message AS m ON m.id = f.message_id AND {STANDS}
    UNION ALL
    SELECT 'side_message', f.message_id, f.name, f.type, f.size, f.digest, f.content_id, f.is_inline, f.id,
        s.conversation_id
    FROM desk_sidefile AS f JOIN desk_sidemessage AS m ON m.id = f.message_id AND {STANDS}
    JOIN desk_sideconversation AS s ON s.id = m.side_id) AS f"""
FILES_LATELY = LATELY.replace("m.conversation_id", "f.conversation_id")

KINDS: Final = (
    Kind(
        "side_conversations",
        "Where somebody else was asked by mail, beside a conversation.",
        "desk_sideconversation AS s",
        "s.id",
        lately=_SIDE_LATELY,
        fields={
            "id": ("s.id", "its number"),
            "conversation_id": ("s.conversation_id", "beside which conversation"),
            "channel_id": ("s.channel_id", "the mailbox it is on"),
            "subject": ("s.subject", "its subject"),
            "participants": ("s.participants", "who takes part: name and address"),
            "created_at": ("s.created_at", "when it began"),
            "created_by": ("s.created_by", "who asked"),
            "done_at": ("s.done_at", "when it was closed, or null"),
            "done_by": ("s.done_by", "who closed it"),
        },
    ),
    Kind(
        "side_messages",
        "What was said in side conversations; the customer never saw it.",
        "desk_sidemessage AS m JOIN desk_sideconversation AS s ON s.id = m.side_id",
        "m.id",
        where=STANDS,
        lately=_SIDE_LATELY,
        fields={
            "id": ("m.id", "its number"),
            "side_conversation_id": ("m.side_id", "in which side conversation"),
            "author_kind": ("m.author_kind", "agent, outside or system"),
            "author_id": ("m.author_id", "the agent, or null"),
            "author_name": ("m.author_name", "their name"),
            "author_address": ("m.author_address", "their address, of who is outside"),
            "at": ("m.at", "when it was said"),
            "text": ("m.text", "what was written"),
            "quoted": ("m.quoted", "what it quoted"),
            "signature": ("m.signature", "the signature below it"),
            "html": ("m.html", "as it was sent, where it was HTML; not sanitised"),
            "recipients": ("m.recipients", "from, to, cc: lists of name and address"),
            "is_automatic": ("m.is_automatic", "whether a machine wrote it"),
            "external_id": ("m.external_id", "its Message-ID, without brackets"),
            "state": ("m.state", "of what went out, as with messages"),
            "trouble": (IN_ENGLISH.format("m.trouble"), "what went wrong on its way"),
        },
    ),
    Kind(
        "attachments",
        "Files of messages; the bytes lie beside, each once, under the SHA-256 of what is in it.",
        FILES,
        "f.kind, f.id",
        _FILE,
        lately=FILES_LATELY,
    ),
)
