"""What hangs on a conversation, learnt in the query that fetches it: whoever opens one asks no more than there is.

Most conversations have no files, no links, no drafts and nothing merged into them. A conversation that came with
`around` is as it was when it was fetched; what acts on it fetches it anew.
"""

import json
from dataclasses import dataclass

from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL

from regulars.desk.models import Conversation
from regulars.kernel.prepared import Given

_QUERY = """json_build_array(
    (SELECT coalesce(json_agg(below.id ORDER BY below.id), '[]')
       FROM desk_conversation AS below WHERE below.merged_into_id = desk_conversation.id),
    (SELECT max(said.id) FROM desk_message AS said
      WHERE said.conversation_id = desk_conversation.id AND said.removed_at IS NULL),
    (SELECT coalesce(json_agg(worn.label_id), '[]')
       FROM desk_conversation_labels AS worn WHERE worn.conversation_id = desk_conversation.id),
    EXISTS (SELECT FROM desk_watch AS watch
             WHERE watch.conversation_id = desk_conversation.id AND watch.agent_id = %s),
    EXISTS (SELECT FROM desk_draft AS draft
             WHERE draft.conversation_id = desk_conversation.id AND draft.agent_id = %s),
    EXISTS (SELECT FROM desk_link AS link WHERE link.conversation_id = desk_conversation.id)
        OR EXISTS (SELECT FROM desk_link AS link WHERE link.other_id = desk_conversation.id),
    EXISTS (SELECT FROM desk_message AS said JOIN desk_attachment AS file ON file.message_id = said.id
             WHERE said.conversation_id = desk_conversation.id),
    EXISTS (SELECT FROM desk_message AS said JOIN desk_mention AS mention ON mention.message_id = said.id
             WHERE said.conversation_id = desk_conversation.id AND mention.agent_id = %s AND mention.seen_at IS NULL)
)::text"""


@dataclass(frozen=True, slots=True)
class Around:
    """What there is, and for the agent who asked."""

    below: tuple[int, ...]  # the conversations merged into it
    newest: int  # message of its own
    label_ids: frozenset[int]
    is_watched: bool
    has_drafts: bool
    has_links: bool
    has_files: bool
    has_mentions: bool  # of this agent, not seen yet

    @property
    def is_alone(self) -> bool:
        """Whether nothing was merged into it, so that what is its own is everything."""
        return not self.below


def with_around(rows: QuerySet[Conversation], *, agent_id: int | Given | None) -> QuerySet[Conversation]:
    """These conversations with what hangs on them."""
    return rows.annotate(_around=RawSQL(_QUERY, [agent_id] * 3, output_field=TextField()))


def around(conversation: Conversation) -> Around | None:
    """What hangs on it, if that was fetched with it."""
    text: str | None = getattr(conversation, "_around", None)
    if text is None:
        return None
    below, newest, label_ids, *rest = json.loads(text)
    return Around(tuple(below), newest or 0, frozenset(label_ids), *rest)
