"""HTML as a stream of texts and tags. One pass forward: what is broken is text, nothing is looked at twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9:_-]{0,40})")
_BEGIN = re.compile(r"<(?=[A-Za-z/!?])")
_STOP = re.compile(r"[>\"']")
_ATTRIBUTE = re.compile(r"""([^\s=/>"']{1,60})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_RAW = ("script", "style", "title", "textarea", "noscript", "template", "svg", "math", "xml", "noembed", "iframe")
_MAX_TAG = 20_000


@dataclass(slots=True)
class Tag:
    """A tag; the attributes that matter are read only when asked for."""

    name: str
    is_end: bool
    source: str = field(repr=False)

    def attributes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, double, single, bare in _ATTRIBUTE.findall(self.source[:_MAX_TAG]):
            found.setdefault(name.lower(), unescape(double or single or bare))
        return found


def tokens(html: str) -> Iterator[str | Tag]:
    """Texts with their entities resolved, and tags; the inside of scripts and styles is left out."""
    at, trusts_quotes = 0, True
    while at < len(html):
        found = _BEGIN.search(html, at)
        if not found:
            yield unescape(html[at:])
            return
        begin = found.start()
        if begin > at:
            yield unescape(html[at:begin])
        name = _NAME.match(html, begin + 1)
        if name:
            end = _tag_end(html, name.end()) if trusts_quotes else -1
            if end < 0:  # a quote that never ends: from here on the first bracket closes
                trusts_quotes = False
                end = html.find(">", name.end())
                end = len(html) if end < 0 else end
            tag = Tag(name[1].lower(), html[begin + 1] == "/", html[name.end() : end])
            at = end + 1
            yield tag
            if tag.name in _RAW and not tag.is_end and not html.startswith("/", end - 1):
                at = _after_raw(html, at, tag.name)
        elif html.startswith("<!--", begin):
            end = html.find("-->", begin + 4)
            at = len(html) if end < 0 else end + 3
        else:
            end = html.find(">", begin)
            at = len(html) if end < 0 else end + 1


def _tag_end(html: str, at: int) -> int:
    """Where the tag ends, -1 where it does not; a quote counts only after an equals sign: `title=it's`."""
    while stop := _STOP.search(html, at):
        if stop[0] == ">":
            return stop.start()
        at = stop.end()
        if html[max(0, stop.start() - 9) : stop.start()].rstrip().endswith("="):
            closing = html.find(stop[0], at)
            if closing < 0:
                break
            at = closing + 1
    return -1


def _after_raw(html: str, at: int, name: str) -> int:
    closing = re.compile(rf"</{name}[\s/>]", re.IGNORECASE).search(html, at)
    return closing.start() if closing else len(html)
