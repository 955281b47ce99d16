"""HTML from strangers: what is shown cannot run, load, reach out or lie about where it is."""

from __future__ import annotations

import re

import pytest

from regulars.channels.email.understanding.html_tokens import Tag, tokens
from regulars.channels.email.understanding.safe_html import has_remote_pictures, safe_html

from .corpora import FOLDER, needs_corpora

RUNS = re.compile(r"(?i)^\s*(?:javascript|vbscript|data:(?!image/(?:png|gif|jpeg|webp);))")


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<b>bold</b> and <i>so on</i>", "<b>bold</b> and <i>so on</i>"),
        ("<script>alert(1)</script>after", "after"),
        ("<p onclick=alert(1)>text</p>", "<p>text</p>"),
        ("<style>body{display:none}</style>text", "text"),
        ("<form action=x><input name=y>text</form>", "text"),
        ("<iframe src=x></iframe>text", "text"),
        ("<svg onload=alert(1)><circle/></svg>text", "text"),
        ("<object data=x></object><embed src=x><link rel=x><meta http-equiv=refresh><base href=x>text", "text"),
        ('<p style="color:red;position:fixed;background:url(x)">t</p>', '<p style="color:red">t</p>'),
        ('<p style="width:expression(1)">t</p>', "<p>t</p>"),
        ('<p style="color:rgb(1,2,3)">t</p>', '<p style="color:rgb(1, 2, 3)">t</p>'),
        ('<p id="shell" class="toolbar">t</p>', "<p>t</p>"),
        ("<!-- hidden -->t", "t"),
    ],
)
def test_only_what_says_how_words_look_is_kept(html: str, shown: str) -> None:
    assert safe_html(html) == shown


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "cid:p1", "//evil.example/x", "/settings"]
)
def test_a_link_leads_outside_and_nowhere_else(address: str) -> None:
    link = next(tokens(safe_html(f'<a href="{address}">x</a>')))

    assert isinstance(link, Tag)
    assert link.attributes() == {"target": "_blank", "rel": "noopener noreferrer nofollow"}


def test_a_link_to_a_page_opens_without_telling_where_from() -> None:
    assert 'href="https://example.org/?a=1&amp;b=2"' in safe_html('<a href="https://example.org/?a=1&b=2">x</a>')
    assert 'rel="noopener noreferrer nofollow"' in safe_html('<a href="https://example.org/" rel="opener">x</a>')


def test_pictures_inside_the_mail_are_shown_from_where_they_are_kept() -> None:
    html = '<img src="cid:p1@x"><img src="CID:p%202"><img src="cid:unknown">'

    assert safe_html(html, pictures={"p1@x": "/files/1", "p 2": "/files/2"}) == (
        '<img src="/files/1"><img src="/files/2"><img>'
    )


def test_pictures_elsewhere_wait_until_somebody_asks_for_them() -> None:
    html = '<img src="https://tracker.example/1.gif" alt="Offer">'

    assert has_remote_pictures(html)
    assert safe_html(html) == '<img alt="Offer">'
    assert safe_html(html, shows_remote=True) == '<img src="https://tracker.example/1.gif" alt="Offer">'
    assert not has_remote_pictures('<img src="cid:p1">')


def test_a_picture_written_into_the_html_is_shown_unless_it_can_run() -> None:
    assert 'src="data:image/png;base64,AAAA"' in safe_html('<img src="data:image/png;base64,AAAA">')
    assert safe_html('<img src="data:image/svg+xml;base64,AAAA">') == "<img>"


@needs_corpora
def test_no_known_attack_survives() -> None:
    attacks = [
        line
        for path in sorted((FOLDER / "robustness" / "xss").rglob("*"))
        if path.is_file()
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
    ]
    assert len(attacks) > 1_000

    for attack in attacks:
        for token in tokens(safe_html(attack, shows_remote=True)):
            if isinstance(token, Tag) and not token.is_end:
                values = token.attributes()
                assert not [name for name in values if name.startswith("on")], attack
                assert not [value for value in values.values() if RUNS.match(value)], attack
                assert token.name not in ("script", "style", "iframe", "object", "embed", "form", "svg", "math"), attack
