"""Subjects of answers: one `Re:`, whatever languages answered before; and one number, where it is wanted."""

import re

LONGEST = 500

# "Re", German "AW", Dutch and Danish "Antw" and "SV", Spanish "RV", Italian "R" and "RIF", Finnish "VS", Polish
# "Odp", Turkish "YNT", Chinese "回复", with or without a count, as in "Re[2]:" and "RE^3:".
_ANSWERED = re.compile(
    r"(?:re|aw|antw|antwort|sv|rv|r|rif|vs|odp|ynt|回复|回覆|答复)\s{0,3}(?:[\[^(]\d{1,3}[\])]?)?\s{0,3}[:：]\s{0,9}",
    re.IGNORECASE,
)


def answering(subject: str, *, token: str = "") -> str:
    """The subject of an answer to this one, with the token first: of several in an answer, the first counts."""
    rest = _without(token, subject)
    while found := _ANSWERED.match(rest):
        rest = _without(token, rest[found.end() :])
    return f"Re: {token} {rest}".replace("  ", " ")[:LONGEST].rstrip()


def beginning(subject: str, *, token: str = "") -> str:
    """The subject of a mail that answers none."""
    return f"{token} {_without(token, subject)}".strip()[:LONGEST] if token else subject[:LONGEST]


def _without(token: str, subject: str) -> str:
    """What is said beside the token."""
    rest = subject[: LONGEST * 2]
    return " ".join((rest.replace(token, " ") if token else rest).split())
