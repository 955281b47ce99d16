"""Subjects of answers: one `Re:`, whatever languages answered before."""

import re

LONGEST = 500

# "Re", German "AW", Dutch and Danish "Antw" and "SV", Spanish "RV", Italian "R" and "RIF", Finnish "VS", Polish
# "Odp", Turkish "YNT", Chinese "回复", with or without a count, as in "Re[2]:" and "RE^3:".
_ANSWERED = re.compile(
    r"(?:re|aw|antw|antwort|sv|rv|r|rif|vs|odp|ynt|回复|回覆|答复)\s{0,3}(?:[\[^(]\d{1,3}[\])]?)?\s{0,3}[:：]\s{0,9}",
    re.IGNORECASE,
)


def answering(subject: str) -> str:
    """The subject of an answer to this one."""
    rest = " ".join(subject[: LONGEST * 2].split())
    while found := _ANSWERED.match(rest):
        rest = rest[found.end() :]
    return f"Re: {rest}"[:LONGEST].rstrip()
