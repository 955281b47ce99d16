"""Whether a conversation has some words side by side: in its subject, a name, an address, a message or a file's name.

Asked of each conversation that has the words at all, so everything in here is looked up from one conversation.
"""

import re
from typing import Final

from django.db.models import Exists, Model, OuterRef, Q

from regulars.customers import normalise
from regulars.desk.models import Attachment, Conversation, Message, SideFile, SideMessage

_TITLE: Final = ("subject", "customer__name", "customer__email", "customer__merged_into__name",
                 "customer__merged_into__email")  # fmt: skip
_ADDRESSES: Final = ("customer__search_text", "customer__merged_into__search_text")
_WORDS: Final = re.compile(r"[^\W_]+")


def entitled(phrase: str) -> Q:
    """The phrase stands in the subject, or in what the customer is called."""
    return _any(_TITLE, phrase)


def said(phrase: str) -> Q:
    """The phrase stands anywhere in the conversation, or in one that was joined to it."""
    joined = Conversation.objects.filter(_inside(phrase), merged_into=OuterRef("pk"))
    addresses = Q(*((f"{column}__contains", normalise.fold(phrase)) for column in _ADDRESSES), _connector=Q.OR)
    return entitled(phrase) | addresses | _inside(phrase) | Q(Exists(joined))


def _inside(phrase: str) -> Q:
    """It stands in a message, in a file's name, or in either of a side conversation."""
    there = Q(removed_at=None)
    by = ("text", "author_name", "author_address", "side__subject")
    return (
        _of(Message, "conversation", there & _any(("text", "author_name"), phrase))
        | _of(Attachment, "message__conversation", Q(message__removed_at=None) & _named(phrase))
        | _of(SideMessage, "side__conversation", there & _any(by, phrase))
        | _of(SideFile, "message__side__conversation", Q(message__removed_at=None) & _named(phrase))
    )


def _of(model: type[Model], path: str, has: Q) -> Q:
    return Q(Exists(model._default_manager.filter(has, **{path: OuterRef("pk")})))


def _any(columns: tuple[str, ...], phrase: str) -> Q:
    return Q(*((f"{column}__icontains", phrase) for column in columns), _connector=Q.OR)


def _named(phrase: str) -> Q:
    """A file is rarely called anything with spaces: "torn corner" is torn-corner.png too."""
    return Q(name__iregex="[^[:alnum:]]+".join(map(re.escape, _WORDS.findall(phrase))))
