"""Whether a conversation has some words side by side: in its subject, a name, an address, a message or a file's name.

Asked of each conversation that has the words at all, so everything in here is looked up from one conversation, what is
likeliest first. It is SQL: made of Django's conditions, writing the statement anew took longer than answering it.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from regulars.customers import normalise

_WORDS: Final = re.compile(r"[^\W_]+")
_VALUE: Final = re.compile(r"\[(\w+)\]")

# Only where a message has HTML is there a file that it shows; any other is counted among the conversation's.
_FILES: Final = """
({of}.has_attachments OR said.html <> '') AND EXISTS (
    SELECT 1 FROM desk_attachment AS file WHERE file.message_id = said.id AND file.name ~* [name])
"""
_MESSAGES: Final = """
EXISTS (SELECT 1 FROM desk_message AS said WHERE said.conversation_id = {of}.id AND said.removed_at IS NULL AND ({has}))
"""
_BESIDE: Final = """
EXISTS (SELECT 1 FROM desk_sideconversation AS side JOIN desk_sidemessage AS said ON said.side_id = side.id
        WHERE side.conversation_id = {of}.id AND said.removed_at IS NULL AND ({has}))
"""
_BESIDE_FILES: Final = (
    "EXISTS (SELECT 1 FROM desk_sidefile AS file WHERE file.message_id = said.id AND file.name ~* [name])"
)
_JOINED: Final = (
    "EXISTS (SELECT 1 FROM desk_conversation AS joined WHERE joined.merged_into_id = desk_conversation.id AND ({has}))"
)
_CUSTOMER: Final = """
EXISTS (SELECT 1 FROM customers_customer AS who LEFT JOIN customers_customer AS head ON head.id = who.merged_into_id
        WHERE who.id = desk_conversation.customer_id AND ({has}))
"""


def _any(*columns: str) -> str:
    return " OR ".join(f"UPPER({column}) LIKE UPPER([here])" for column in columns)


def _inside(of: str) -> str:
    """It stands in a message, in a file's name, or in either of a side conversation."""
    said = f"{_any('said.text', 'said.author_name')} OR {_FILES.format(of=of)}"
    beside = _any("said.text", "said.author_name", "said.author_address", "side.subject")
    return f"{_MESSAGES.format(of=of, has=said)} OR {_BESIDE.format(of=of, has=f'{beside} OR {_BESIDE_FILES}')}"


def _among_files(of: str) -> str:
    files = _MESSAGES.format(of=of, has=_FILES.format(of=of))
    return f"{files} OR {_BESIDE.format(of=of, has=_BESIDE_FILES)}"


_CALLED: Final = _any("who.name", "who.email", "head.name", "head.email")
_ADDRESSES: Final = "who.search_text LIKE [folded] OR head.search_text LIKE [folded]"
_SUBJECT: Final = _any("desk_conversation.subject")
_ENTITLED: Final = f"{_SUBJECT} OR {_CUSTOMER.format(has=_CALLED)}"
_SAID: Final = (
    f"{_inside('desk_conversation')} OR {_SUBJECT} OR {_CUSTOMER.format(has=f'{_CALLED} OR {_ADDRESSES}')}"
    f" OR {_JOINED.format(has=_inside('joined'))}"
)
_NAMED: Final = f"{_among_files('desk_conversation')} OR {_JOINED.format(has=_among_files('joined'))}"


def entitled(phrase: str) -> Q:
    """The phrase stands in the subject, or in what the customer is called."""
    return _asked(_ENTITLED, phrase)


def said(phrase: str) -> Q:
    """The phrase stands anywhere in the conversation, or in one that was joined to it."""
    return _asked(_SAID, phrase)


def in_file_name(phrase: str) -> Q:
    """A file of the conversation is called so, or one of a conversation that was joined to it."""
    return _asked(_NAMED, phrase)


def in_subject(words: str, ways: Sequence[str]) -> Q:
    """These words stand in the subject itself, each in one of its `ways`; names stand in the title too.

    A subject with letters beyond ASCII is not compared letter by letter: there the title says it.
    """
    begins = Q(*(("subject__iregex", f"(^|[^[:alnum:]])({each})") for each in ways))  # all of them
    return Q(searched__title__holds=words) & (begins | Q(subject__regex="[^[:ascii:]]"))


def _asked(sql: str, phrase: str) -> Q:
    values: dict[str, Any] = {
        "here": f"%{_escaped(phrase)}%",
        "folded": f"%{_escaped(normalise.fold(phrase))}%",
        # A file is rarely called anything with spaces: "torn corner" is torn-corner.png too.
        "name": "[^[:alnum:]]+".join(map(re.escape, _WORDS.findall(phrase))),
    }
    given = tuple(values[name] for name in _VALUE.findall(sql))
    return Q(RawSQL(_VALUE.sub("%s", sql), given, output_field=BooleanField()))


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
