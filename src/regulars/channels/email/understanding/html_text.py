"""HTML to the text a person reads in it, with the places where mail programs mark quotes and signatures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from regulars.channels.email.understanding.html_tokens import Tag, tokens

_SPACES = re.compile(r"[ \t\r\n\f]+")
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "dl", "figure"}
_LINES = {"div", "li", "tr", "dt", "dd", "section", "article", "header", "footer", "address", "form", "center", "body",
          "caption", "main", "nav", "aside", "fieldset", "option"}  # fmt: skip
_QUOTE_HEADERS = ("gmail_attr", "moz-cite-prefix", "moz-email-headers-table", "protonmail_quote_header")
_QUOTES_TO_THE_END = ("divrplyfwdmsg", "appendonsend", "yahoo_quoted", "zmail_extra", "ydp_quoted",
                      "ms-outlook-mobile-reference-message", "mail-editor-reference-message-container",
                      "yahooquotedtext", "tutanota_quote", "orimsghtmlseperator")  # fmt: skip
_SIGNATURES = ("gmail_signature", "moz-signature", "ms-outlook-mobile-signature", "applemailsignature",
               "protonmail_signature_block", "zmail_signature")  # fmt: skip
_MAX_MARKS = 20
_RULE = "________________________________"


@dataclass(frozen=True, slots=True)
class Readable:
    """Text, and the numbers of lines where structure says what only words would say otherwise."""

    text: str
    quote_header_lines: frozenset[int]
    quote_from_line: int | None
    signature_line: int | None


def readable(html: str) -> Readable:
    """Paragraphs, lists and tables as lines; quotes with `> ` before each line."""
    return _Writing().read(html)


def escaped(text: str) -> str:
    """Plain text as a piece of HTML that reads the same."""
    return f"<pre>{escape(text, quote=False)}</pre>"


class _Writing:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.now: list[str] = []
        self.depth = self.depth_above = 0
        self.preserves = 0
        self.blank_wanted = False
        self.headers: set[int] = set()
        self.quote_from: int | None = None
        self.signature: int | None = None

    def read(self, html: str) -> Readable:
        for token in tokens(html):
            if isinstance(token, str):
                self._text(token)
            elif token.is_end:
                self._end(token.name)
            else:
                self._begin(token)
        self._break()
        text = "\n".join(self.lines).rstrip("\n")
        return Readable(text, frozenset(self.headers), self.quote_from, self.signature)

    def _text(self, text: str) -> None:
        if self.preserves:
            for position, line in enumerate(text.replace("\r\n", "\n").split("\n")):
                if position:
                    self._break(keep=True)
                self.now.append(line)
            return
        text = _SPACES.sub(" ", text).replace("\xa0", " ")
        if text and not (text == " " and not self.now):
            self.now.append(text)

    def _begin(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            self._break(keep=True)
        elif name in _PARAGRAPHS or name in _LINES:
            self._break()
            self.blank_wanted = self.blank_wanted or name in _PARAGRAPHS
        self._marked(tag)
        if name == "li":
            self.now.append("- ")
        elif name in ("td", "th") and self.now:
            self.now.append("  ")
        elif name == "hr":
            self._break()
            self.now.append(_RULE)
            self._break()
        elif name == "blockquote":
            self.depth += 1
        elif name == "pre":
            self.preserves += 1
        elif name == "img":
            self.now.append(_SPACES.sub(" ", tag.attributes().get("alt", "")[:500]))

    def _end(self, name: str) -> None:
        if name in _PARAGRAPHS or name in _LINES:
            self._break()
            self.blank_wanted = self.blank_wanted or name in _PARAGRAPHS
        if name == "blockquote":
            self.depth = max(0, self.depth - 1)
        elif name == "pre":
            self.preserves = max(0, self.preserves - 1)

    def _marked(self, tag: Tag) -> None:
        """Note what mail programs call this container."""
        if "class" not in tag.source.lower() and "id" not in tag.source.lower():
            return
        values = tag.attributes()
        called = f" {values.get('class', '')} {values.get('id', '')} ".lower()
        if any(one in called for one in _QUOTE_HEADERS):
            self._break()
            self.headers.add(self._next_line())
        elif any(one in called for one in _QUOTES_TO_THE_END) and self.quote_from is None:
            self._break()
            self.quote_from = self._next_line()
        elif (any(one in called for one in _SIGNATURES) or values.get("id") == "Signature") and not self.depth:
            self._break()
            self.signature = self._next_line()

    def _next_line(self) -> int:
        return len(self.lines) + (1 if self.blank_wanted and self.lines and self.lines[-1].strip("> ") else 0)

    def _break(self, *, keep: bool = False) -> None:
        """End the line; a blank one is kept when a `<br>` asks for it, never two for two paragraphs."""
        line = "".join(self.now)
        line = line.rstrip() if self.preserves else line.strip()
        self.now = []
        if not line and not keep:
            return
        depth = min(self.depth, _MAX_MARKS)
        if self.blank_wanted and line and self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * min(depth, self.depth_above)).rstrip())
        self.blank_wanted, self.depth_above = False, depth
        self.lines.append(("> " * depth + line).rstrip())
