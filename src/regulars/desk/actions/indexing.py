"""Keeping what the search reads: written anew for each conversation that changed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce

from regulars.desk.models import Attachment, Conversation, Message, SideFile, SideMessage
from regulars.desk.models.searching import IN_PERIOD, PERIOD
from regulars.desk.words import words_of

CONSUMER = "desk.search"
AT_ONCE = 200
LATEST_MESSAGES = 500

# In order of their keys, so that two who write the same words wait for each other, never in a circle.
_WRITE = """
INSERT INTO desk_searched (conversation_id, last_at, title, words)
SELECT id, last_at, array_to_tsvector(string_to_array(title, ' ')), array_to_tsvector(string_to_array(words, ' '))
FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[]) AS new (id, last_at, title, words)
ORDER BY id
ON CONFLICT (conversation_id) DO UPDATE
SET last_at = excluded.last_at, title = excluded.title, words = excluded.words
"""
_LEARN = """
INSERT INTO desk_word (text) SELECT word FROM unnest(%s::text[]) AS new (word) ORDER BY word COLLATE "C"
ON CONFLICT DO NOTHING
"""
# In each period there is, for the index has a word by its period.
_UNLEARN = f"""
DELETE FROM desk_word AS known WHERE text = ANY(%s)
AND NOT EXISTS (
    SELECT 1 FROM desk_searched, generate_series(
        (SELECT {PERIOD} FROM desk_searched ORDER BY last_at LIMIT 1),
        (SELECT {PERIOD} FROM desk_searched ORDER BY last_at DESC LIMIT 1)
    ) AS period (number)
    WHERE {IN_PERIOD.format(words="words")} @@ (period.number || '#' || known.text)::tsquery
)
"""

_TITLE = ("subject", "customer__name", "customer__email", "customer__merged_into__name", "customer__merged_into__email")
# Every address somebody is known by, without a place in the title.
_ADDRESSES = ("customer__search_text", "customer__merged_into__search_text")


def index(conversation_ids: Iterable[int]) -> int:
    """Write the words of these conversations anew; those merged away count to the one that is shown."""
    wanted = sorted(set(conversation_ids))
    for start in range(0, len(wanted), AT_ONCE):
        _index(wanted[start : start + AT_ONCE])
    return len(wanted)


def words_in(conversation_ids: Sequence[int]) -> list[str]:
    """Every word the search knows of these conversations."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(tsvector_to_array(words)) FROM desk_searched WHERE conversation_id = ANY(%s)",
            [list(conversation_ids)],
        )
        return sorted(row[0] for row in cursor.fetchall())


def unlearn(words: Sequence[str]) -> None:
    """Forget those of these words that nobody's conversation holds any more: a name is a word too."""
    with connection.cursor() as cursor:
        cursor.execute(_UNLEARN, [list(words)])


def _index(conversation_ids: Sequence[int]) -> None:
    heads = Conversation.objects.filter(pk__in=conversation_ids).annotate(head=Coalesce("merged_into_id", "pk"))
    rows = Conversation.objects.filter(pk__in=heads.values("head")).order_by("pk")
    shown = list(rows.values_list("pk", "last_at", *_TITLE, *_ADDRESSES))
    if not shown:
        return
    said = _said([row[0] for row in shown])
    for row in shown:
        said[row[0]] += (text or "" for text in row[-len(_ADDRESSES) :])
    titles = [words_of(text or "" for text in row[2 : -len(_ADDRESSES)]) for row in shown]
    words = [sorted({str(row[0]), *title, *words_of(said[row[0]])}) for row, title in zip(shown, titles, strict=True)]
    _write([row[0] for row in shown], [row[1] for row in shown], titles, words)


def _said(heads: Sequence[int]) -> dict[int, list[str]]:
    """What was said in each of these conversations and those merged into them: text, senders, files' names."""
    said: dict[int, list[str]] = defaultdict(list)
    messages = Message.objects.filter(conversation__in=_members(heads), removed_at=None).annotate(
        head=Coalesce("conversation__merged_into_id", "conversation_id")
    )
    for head, text, author in messages.order_by("-pk").values_list("head", "text", "author_name"):
        if len(said[head]) < 2 * LATEST_MESSAGES:
            said[head] += (text, author)
    files = Attachment.objects.filter(message__in=messages.values("pk")).annotate(
        head=Coalesce("message__conversation__merged_into_id", F("message__conversation_id"))
    )
    for head, name in files.values_list("head", "name"):
        said[head].append(name)
    _said_beside(heads, said)
    return said


def _said_beside(heads: Sequence[int], said: dict[int, list[str]]) -> None:
    """What was said in side conversations is found as what their conversation says: only agents search."""
    beside = SideMessage.objects.filter(side__conversation__in=_members(heads), removed_at=None).annotate(
        head=Coalesce("side__conversation__merged_into_id", "side__conversation_id")
    )
    rows = beside.order_by("-pk").values_list("pk", "head", "side__subject", "text", "author_name", "author_address")
    found = {pk: (head, *words) for pk, head, *words in rows[: LATEST_MESSAGES * len(heads)]}
    for head, *words in found.values():
        said[head] += words
    for message_id, name in SideFile.objects.filter(message__in=list(found)).values_list("message_id", "name"):
        said[found[message_id][0]].append(name)


def _members(heads: Sequence[int]) -> list[int]:
    merged = Conversation.objects.filter(merged_into__in=heads).values_list("pk", flat=True)
    return [*heads, *merged]


def _write(
    ids: Sequence[int], last_at: Sequence[object], titles: Sequence[Sequence[str]], words: Sequence[Sequence[str]]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(ids), list(last_at), [*map(" ".join, titles)], [*map(" ".join, words)]])
        cursor.execute(_LEARN, [sorted({word for each in words for word in each if _is_word(word)})])


def _is_word(word: str) -> bool:
    return 4 <= len(word) <= 24 and word.isalpha()
