"""HTML from strangers made safe to show: an allow-list, no scripts, no forms, no styles that reach outside.

The page shows it in a sandboxed frame as well; this is the first of two walls.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

import nh3

from regulars.channels.email.understanding.html_tokens import Tag, tokens

_TAGS = {
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center",
    "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
    "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main",
    "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strike", "strong",
    "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var",
    "wbr",
}  # fmt: skip
_SIZES = {"align", "bgcolor", "height", "valign", "width"}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "style"},
    "a": {"href"},
    "blockquote": {"type"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "div": {"align"},
    "font": {"color", "face", "size"},
    "h1": {"align"},
    "h2": {"align"},
    "h3": {"align"},
    "img": {"alt", "height", "src", "width", "align", "border"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "p": {"align"},
    "table": _SIZES | {"border", "cellpadding", "cellspacing"},
    "tbody": {"align", "valign"},
    "td": _SIZES | {"colspan", "rowspan", "nowrap"},
    "th": _SIZES | {"colspan", "rowspan", "nowrap", "scope"},
    "tr": _SIZES,
}
_STYLES = {
    "background-color", "border", "border-bottom", "border-collapse", "border-color", "border-left", "border-radius",
    "border-right", "border-spacing", "border-style", "border-top", "border-width", "color", "direction", "font",
    "font-family", "font-size", "font-style", "font-weight", "height", "letter-spacing", "line-height",
    "list-style-type",
    "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width", "min-width", "padding",
    "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align", "text-decoration", "text-indent",
    "text-transform", "vertical-align", "white-space", "width", "word-break", "word-wrap",
}  # fmt: skip
_DROPPED = {"script", "style", "title", "textarea", "noscript", "template", "svg", "math", "iframe", "object", "xml"}
_LINK = re.compile(r"(?i)\s*(?:https?|mailto|tel|sms):")
_REMOTE = re.compile(r"(?i)\s*https?:")
_EMBEDDED = re.compile(r"(?i)\s*data:image/(?:png|gif|jpeg|jpg|webp);base64,[a-z0-9+/=\s]*")
_FETCHES = re.compile(r"(?i)(?<!rgb)(?<!rgba)(?<!hsl)(?<!hsla)\(|[\\@<>]|/\*|script:")
"""What a style's value may not hold: anything that loads, computes or hides what it says."""


def safe_html(html: str, *, pictures: Mapping[str, str] | None = None, shows_remote: bool = False) -> str:
    """HTML that can be shown. `pictures` gives the address of each attachment by its content id.

    Pictures on other machines tell their sender who read the mail, when and where: without
    `shows_remote` their address is taken out (see `has_remote_pictures`).
    """
    inside = pictures or {}

    def decide(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return _picture(value, inside, shows_remote=shows_remote)
        if name == "href":
            return value if _LINK.match(value) else None
        return _style(value) if name == "style" else value

    return nh3.clean(
        html.replace("\x00", ""),
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=decide,
        filter_style_properties=_STYLES,
        url_schemes={"http", "https", "mailto", "tel", "sms", "cid", "data"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def has_remote_pictures(html: str) -> bool:
    """Whether showing everything would ask other machines: then the reader is asked first."""
    return any(
        isinstance(token, Tag) and token.name == "img" and _REMOTE.match(token.attributes().get("src", ""))
        for token in tokens(html)
    )


def _picture(address: str, inside: Mapping[str, str], *, shows_remote: bool) -> str | None:
    if address[:4].lower() == "cid:":
        return inside.get(unquote(address[4:]).strip("<>"))
    if _EMBEDDED.fullmatch(address):
        return address
    return address if shows_remote and _REMOTE.match(address) else None


def _style(value: str) -> str | None:
    """The declarations that only say how words look."""
    kept = [one for one in value.split(";") if one.strip() and not _FETCHES.search(one)]
    return ";".join(kept) or None
