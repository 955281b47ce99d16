"""What a mail says: the text always, and the same as HTML, each with signature and the message it answers."""

import re
from datetime import datetime

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext

from regulars.channels.email.out.wishes import Wishes
from regulars.channels.letters import Letter, Quote

LONGEST_QUOTE = 20_000

_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,2000}[^\s<>\".,;:!?')\]]")


def text(letter: Letter, wishes: Wishes, *, marker: str = "") -> str:
    """The plain text everybody can read. The marker stands above the signature, which answers often leave out."""
    parts = [letter.text.rstrip()]
    if marker:
        parts.append(marker)
    signature = wishes.signature_for(letter.author_name)
    if signature:
        parts.append(f"-- \n{signature}")
    if letter.quote and wishes.quotes_previous:
        parts.append(f"{_wrote(letter.quote)}\n{_quoted(letter.quote)}")
    return "\n\n".join(parts) + "\n"


def html(letter: Letter, wishes: Wishes, *, marker: str = "") -> str:
    """The same as HTML: as the agent's text was rendered, else in simple paragraphs."""
    parts = [letter.html or paragraphs(letter.text)]
    if marker:
        parts.append(f'<p><small style="color:#999">{escape(marker)}</small></p>')
    signature = wishes.signature_for(letter.author_name)
    if signature:
        parts.append(f'<div class="signature">-- <br>{_lines(signature)}</div>')
    if letter.quote and wishes.quotes_previous:
        quoted = paragraphs(letter.quote.text[:LONGEST_QUOTE])
        parts.append(f'<p>{escape(_wrote(letter.quote))}</p><blockquote type="cite">{quoted}</blockquote>')
    body = "\n".join(parts)
    return f'<!doctype html>\n<html><head><meta charset="utf-8"></head><body>\n{body}\n</body></html>\n'


def paragraphs(written: str) -> str:
    """Plain text as HTML: empty lines part paragraphs, addresses of pages become links."""
    blocks = re.split(r"\n[ \t]*\n", written.replace("\r\n", "\n").strip("\n"))
    return "\n".join(f"<p>{_lines(block)}</p>" for block in blocks if block.strip())


def _lines(block: str) -> str:
    return "<br>\n".join(_linked(line) for line in block.splitlines())


def _linked(line: str) -> str:
    parts, end = [], 0
    for found in _ADDRESS.finditer(line):
        parts += [escape(line[end : found.start()]), f'<a href="{escape(found[0])}">{escape(found[0])}</a>']
        end = found.end()
    return "".join([*parts, escape(line[end:])])


def _wrote(quote: Quote) -> str:
    at = datetime.fromisoformat(quote.at)
    when = f"{date_format(at, 'DATE_FORMAT')} {at:%H:%M} {at:%Z}".strip()
    return gettext("On %(when)s, %(who)s wrote:") % {"when": when, "who": quote.author}


def _quoted(quote: Quote) -> str:
    lines = quote.text[:LONGEST_QUOTE].rstrip().splitlines()
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)
