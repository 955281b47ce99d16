"""Colleagues named in a note with an @."""

import re
from collections.abc import Iterable, Mapping

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


def found_in(text: str, agents: Mapping[int, str]) -> list[int]:
    """The agents a note names: by their whole name, or by the first where only one has it."""
    named = _by_name(agents)
    if not named:
        return []
    longest_first = "|".join(re.escape(name) for name in sorted(named, key=len, reverse=True))
    hits = re.findall(rf"(?<![\w@])@({longest_first})(?!\w)", text, re.IGNORECASE)
    return sorted({named[hit.casefold()] for hit in hits})


def _by_name(agents: Mapping[int, str]) -> dict[str, int]:
    whole = {name.casefold(): key for key, name in agents.items() if name.strip()}
    firsts = [name.split()[0].casefold() for name in agents.values() if name.split()]
    alone = {
        name.split()[0].casefold(): key
        for key, name in agents.items()
        if name.split() and firsts.count(name.split()[0].casefold()) == 1
    }
    return alone | whole


def marked(html: SafeString, names: Iterable[str]) -> SafeString:
    """The note with the names it mentions marked; only text between tags is touched."""
    spoken = {escape(form) for name in names for form in (name, name.split()[0] if name.split() else name) if form}
    if not spoken:
        return html
    pattern = re.compile(
        rf"(<[^>]*>)|(?<![\w@])@({'|'.join(sorted(map(re.escape, spoken), key=len, reverse=True))})(?!\w)", re.I
    )
    return mark_safe(pattern.sub(lambda hit: hit[1] or f'<span class="mention">@{hit[2]}</span>', html))
