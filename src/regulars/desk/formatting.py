"""Light Markdown, as agents write it: bold, italic, code, links, lists, quotes. Nothing else, and no HTML.

Every letter is escaped before a tag is put around it, so what comes out is safe whatever went in.
"""

import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_FENCE = re.compile(r"^```")
_BULLET = re.compile(r"^\s{0,3}[-*•]\s+(?=\S)")
_NUMBER = re.compile(r"^\s{0,3}\d{1,3}[.)]\s+(?=\S)")
_QUOTE = re.compile(r"^>\s?")
_ADDRESS = r"(?:https?://|mailto:)[^\s<>\"'`]{1,2000}"
_INLINE = re.compile(
    r"`(?P<code>[^`\n]{1,2000})`"
    rf"|\[(?P<name>[^\]\n]{{1,500}})\]\((?P<to>{_ADDRESS}?)\)"
    rf"|(?P<bare>https?://[^\s<>\"'`]{{1,2000}})"
    r"|\*\*(?P<bold>[^*\n]{1,2000})\*\*"
    r"|(?<![\w*])\*(?P<italic>[^*\s][^*\n]{0,2000})\*(?![\w*])"
)
_BARE = re.compile(r"https?://[^\s<>\"'`]{1,2000}")
_TRAILING = ".,;:!?)»”"


def as_html(text: str) -> SafeString:
    """The text as HTML for a mail or a page."""
    return mark_safe("".join(_blocks(text.replace("\r\n", "\n").split("\n"))))


def linked(text: str) -> SafeString:
    """Plain text, in which only web addresses mean something."""
    pieces, place = [], 0
    for found in _BARE.finditer(text):
        address = found[0].rstrip(_TRAILING)
        pieces += [escape(text[place : found.start()]), _link(address, address), escape(found[0][len(address) :])]
        place = found.end()
    return mark_safe("".join([*pieces, escape(text[place:])]))


def without_marks(text: str) -> str:
    """The words alone, for a line that has no room for more than them."""
    return _INLINE.sub(_words, text)


def _words(found: re.Match[str]) -> str:
    return found["code"] or found["name"] or found["bare"] or without_marks(found["bold"] or found["italic"])


def _blocks(lines: list[str]) -> Iterator[str]:
    place = 0
    while place < len(lines):
        kind = _kind(lines[place])
        end = place + 1
        if kind == "pre":
            while end < len(lines) and not _FENCE.match(lines[end]):
                end += 1
            inside = escape("\n".join(lines[place + 1 : end]))
            yield f"<pre>{inside}</pre>" if inside else ""
            place = end + 1
            continue
        while end < len(lines) and _kind(lines[end]) == kind:
            end += 1
        yield _block(kind, lines[place:end])
        place = end


def _kind(line: str) -> str:
    if _FENCE.match(line):
        return "pre"
    if not line.strip():
        return ""
    for kind, pattern in (("ul", _BULLET), ("ol", _NUMBER), ("blockquote", _QUOTE)):
        if pattern.match(line):
            return kind
    return "p"


def _block(kind: str, lines: list[str]) -> str:
    if not kind:
        return ""
    if kind in ("ul", "ol"):
        pattern = _BULLET if kind == "ul" else _NUMBER
        items = "".join(f"<li>{_inline(pattern.sub('', line, count=1))}</li>" for line in lines)
        return f"<{kind}>{items}</{kind}>"
    if kind == "blockquote":
        inside = "<br>".join(_inline(_QUOTE.sub("", line, count=1)) for line in lines)
        return f"<blockquote>{inside}</blockquote>"
    return f"<p>{'<br>'.join(_inline(line) for line in lines)}</p>"


def _inline(line: str) -> str:
    pieces, place = [], 0
    for found in _INLINE.finditer(line):
        pieces += [escape(line[place : found.start()]), _piece(found)]
        place = found.end()
    return "".join([*pieces, escape(line[place:])])


def _piece(found: re.Match[str]) -> str:
    if found["code"]:
        return f"<code>{escape(found['code'])}</code>"
    if found["bare"]:
        address = found["bare"].rstrip(_TRAILING)
        return _link(address, address) + escape(found["bare"][len(address) :])
    if found["name"]:
        return _link(found["to"], found["name"])
    tag, inside = ("strong", found["bold"]) if found["bold"] else ("em", found["italic"])
    return f"<{tag}>{_inline(inside)}</{tag}>"


def _link(address: str, name: str) -> str:
    return f'<a href="{escape(address)}" rel="noopener noreferrer" target="_blank">{escape(name)}</a>'
