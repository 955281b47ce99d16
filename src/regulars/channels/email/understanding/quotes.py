"""What a person wrote now, apart from what their mail repeats: folded, never lost.

What precedes new words stays where it is, so that answers between quoted lines and below them keep
their sense. What follows the last new word is folded. What somebody forwards is what they send, and stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from regulars.channels.email.understanding import limits, quote_headers, signatures

_QUOTED = re.compile(r"^[ \t]{0,3}[>＞]")
_ESCAPED_FROM = re.compile(r"^>From [^>]")
_WRAPPED_AT = 55


@dataclass(frozen=True, slots=True)
class Seen:
    """The three layers of a text."""

    visible: str
    quoted: str
    signature: str


@dataclass(slots=True)
class _Layers:
    lines: list[str]
    as_written: list[str]
    """The same lines with the spaces at their ends: `-- ` has one."""
    is_quoted: list[bool]
    last_quoted: int = -1
    kept_from: int | None = None
    """The first line of a forward: it and all below stay visible."""
    end: int = 0
    quoted: list[tuple[int, int]] = field(default_factory=list)
    signature: list[tuple[int, int]] = field(default_factory=list)


def fold(
    text: str,
    *,
    subject: str = "",
    header_lines: frozenset[int] = frozenset(),
    quote_from: int | None = None,
    signature_from: int | None = None,
) -> Seen:
    """Layers of a text; the three last say what HTML knew by its structure, as numbers of lines."""
    as_written = text.replace("\r\n", "\n").split("\n")
    lines = [line.rstrip() for line in as_written]
    layers = _Layers(lines, as_written, _quoted_lines(lines), end=len(lines))
    layers.last_quoted = max((at for at, is_quoted in enumerate(layers.is_quoted) if is_quoted), default=-1)
    _cut(layers, subject=subject, header_lines=header_lines, quote_from=quote_from)
    _fold_end(layers, signature_from=signature_from)
    return _written(layers)


def _quoted_lines(lines: list[str]) -> list[bool]:
    quoted = [bool(_QUOTED.match(line)) and not _ESCAPED_FROM.match(line) for line in lines]
    for at in range(1, len(lines) - 1):
        # One short line between two quoted ones, the first of them full, was wrapped off on its way.
        if not quoted[at] and lines[at].strip() and quoted[at - 1] and quoted[at + 1]:
            is_short = len(lines[at]) < len(lines[at - 1]) and len(lines[at - 1]) >= _WRAPPED_AT
            quoted[at] = is_short and len(lines[at].split()) <= 3
    return quoted


def _cut(layers: _Layers, *, subject: str, header_lines: frozenset[int], quote_from: int | None) -> None:
    """Find the first line from which everything is repeated, or the first of a forward."""
    lines, at = layers.lines, 0
    is_forwarding = quote_headers.is_forwarding_subject(subject)
    while at < len(lines):
        line = lines[at]
        if layers.is_quoted[at] or not line:
            at += 1
            continue
        if quote_headers.starts_forward(line):
            layers.kept_from = at
            return
        if quote_headers.starts_what_we_sent(line) and any(lines[:at]):
            _end_at(layers, at)
            return
        if at == quote_from or quote_headers.starts_original(line) or quote_headers.block(lines, at) is not None:
            if _is_forward(layers, at, is_forwarding=is_forwarding):
                layers.kept_from = _with_rule(lines, at)
            else:
                _end_at(layers, _with_rule(lines, at))
            return
        introduced = (at, True) if at in header_lines else quote_headers.introduction(lines, at)
        if introduced and _is_introduced(layers, at, *introduced, is_marked=at in header_lines):
            return
        at += 1


def _is_forward(layers: _Layers, at: int, *, is_forwarding: bool) -> bool:
    """A header block is a forward's by the subject, or where nobody wrote anything above it."""
    return is_forwarding or not any(line.strip() and not quote_headers.is_rule(line) for line in layers.lines[:at])


def _is_introduced(layers: _Layers, last: int, first: int, is_sure: bool, *, is_marked: bool) -> bool:
    """Mark the introduction's lines as quoted; True when all that follows it is, too."""
    following = next((at for at in range(last + 1, len(layers.lines)) if layers.lines[at].strip()), None)
    if following is not None and layers.is_quoted[following]:
        for at in range(first, following):
            layers.is_quoted[at] = True
        return False
    if not is_sure and not is_marked:
        return False
    if layers.last_quoted > last and _first_words_below(layers, last) < 3:
        return False
    if first == 0 and not is_marked:
        return False
    _end_at(layers, first)
    return True


def _first_words_below(layers: _Layers, last: int) -> int:
    """How many lines stand between an introduction and the first quoted line."""
    count = 0
    for at in range(last + 1, len(layers.lines)):
        if layers.is_quoted[at]:
            break
        count += bool(layers.lines[at].strip())
        if count > 2:
            break
    return count


def _with_rule(lines: list[str], at: int) -> int:
    """The rule above a header block belongs to it."""
    above = at - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and at - above <= 3 and quote_headers.is_rule(lines[above]) else at


def _end_at(layers: _Layers, at: int) -> None:
    layers.quoted.append((at, len(layers.lines)))
    layers.end = at


def _fold_end(layers: _Layers, *, signature_from: int | None) -> None:
    """From the end upwards: footers, signatures and quotes, in whatever order they stand."""
    stop = layers.kept_from
    if stop is not None:
        layers.end = stop
    for _ in range(limits.MAX_FOLDS):
        layers.end = _trimmed(layers.lines, layers.end)
        before = layers.end
        _fold_footer(layers)
        _fold_signature(layers, signature_from)
        _fold_quote(layers)
        if layers.end == before:
            return


def _fold_footer(layers: _Layers) -> None:
    found = signatures.footer_start(layers.lines, layers.end)
    if found < layers.end and any(line.strip() for line in layers.lines[:found]):
        layers.signature.append((found, layers.end))
        layers.end = _trimmed(layers.lines, found)


def _fold_signature(layers: _Layers, signature_from: int | None) -> None:
    begin = layers.end
    while begin > 0 and not layers.is_quoted[begin - 1]:
        begin -= 1
    found = signatures.start(layers.lines, begin, layers.end)
    if found < layers.end and not any(line.strip() for line in layers.lines[begin:found]):
        found = layers.end
    if signature_from is not None and begin < signature_from < layers.end:
        found = min(found, signature_from)
    if found == layers.end and begin < layers.end and begin > 0:
        found = _only_signature(layers.lines, begin, layers.end)
    if found < layers.end:
        layers.signature.append((found, layers.end))
        layers.end = _trimmed(layers.lines, found)


def _only_signature(lines: list[str], begin: int, end: int) -> int:
    """Below a quote nothing may stand but the signature."""
    first = next((at for at in range(begin, end) if lines[at].strip()), end)
    is_one = first < end and (lines[first].rstrip() in ("--", "-- ") or signatures.is_machine_line(lines[first]))
    return first if is_one and end - first <= 25 else end


def _fold_quote(layers: _Layers) -> None:
    at = layers.end
    while at > 0 and (layers.is_quoted[at - 1] or not layers.lines[at - 1].strip()):
        at -= 1
    if at < layers.end and any(layers.is_quoted[at : layers.end]):
        layers.quoted.append((at, layers.end))
        layers.end = _trimmed(layers.lines, at)


def _trimmed(lines: list[str], end: int) -> int:
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    return end


def _written(layers: _Layers) -> Seen:
    visible = _text(_without_markers(layers, 0, layers.end))
    if layers.kept_from is not None:
        forwarded = _text(_without_markers(layers, layers.kept_from, len(layers.lines)))
        visible = f"{visible}\n\n{forwarded}" if visible else forwarded
    return Seen(visible, _ranges(layers.as_written, layers.quoted), _ranges(layers.as_written, layers.signature))


def _without_markers(layers: _Layers, begin: int, end: int) -> list[str]:
    """The lines but for our own markers, which are for machines: those are folded like a quote."""
    shown: list[str] = []
    for at in range(begin, end):
        if quote_headers.is_our_marker(layers.lines[at]):
            layers.quoted.append((at, at + 1))
        elif layers.lines[at].strip("> ") or not (shown and at and quote_headers.is_our_marker(layers.lines[at - 1])):
            shown.append(layers.lines[at])
    return shown


def _ranges(lines: list[str], ranges: list[tuple[int, int]]) -> str:
    """The folded pieces in the order of the mail."""
    return "\n\n".join(text for begin, end in sorted(ranges) if (text := _text(lines[begin:end])))


def _text(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n")
