"""The quick tags say what Django's own say, of whatever templates ask."""

import pytest
from django.template import Context, Engine
from django.template.base import TextNode
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from regulars.web.reversing import reversed_quickly
from regulars.web.templatetags import house

LIBRARIES = ["django.templatetags.i18n", "regulars.web.templatetags.house"]
SLOW = Engine(builtins=LIBRARIES)
QUICK = Engine(builtins=[*LIBRARIES, "regulars.web.templatetags.quick"])
ASKED = [
    '{% translate "Don\'t" %}',
    "{% translate 'Say \"yes\"' %}",
    '{% translate "100 % sure" %}',
    '{% translate "<b>bold</b>" %}',
    '{% translate "Save" as word %}[{{ word }}]',
    '{% translate "Save" noop %}',
    '{% translate "May" context "month" %}',
    '{% translate "save"|upper %}',
    "{% translate said %}",
    "{% url 'desk:conversation' 7 %}",
    "{% url 'desk:conversation' number %}",
    "{% url 'desk:conversation' number|add:1 as there %}[{{ there }}]",
    "{% url 'desk:conversation' pk=number %}",
    "{% url 'desk:conversation' '12' %}",
    "{% url name %}",
    "{% url 'desk:inbox' %}",
    "{% url 'nowhere' as there %}[{{ there }}]",
    '{% icon "check" %}',
    '{% icon "check" label="Done" %}',
    '{% icon "undo" %}',
    "{% icon drawn %}",
]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("source", ASKED)
def test_says_the_same_as_django(source: str, language: str) -> None:
    said = {"said": "Save & <go>", "number": 4711, "name": "desk:inbox", "drawn": "close"}
    with translation.override(language):
        assert QUICK.from_string(source).render(Context(said)) == SLOW.from_string(source).render(Context(said))


def test_a_page_that_is_not_there_has_no_address() -> None:
    for source in ("{% url 'nowhere' 7 %}", "{% url 'desk:conversation' %}"):
        with pytest.raises(NoReverseMatch):
            QUICK.from_string(source).render(Context({}))


def test_a_number_below_zero_is_refused_as_django_refuses_it() -> None:
    assert reversed_quickly("desk:conversation", 0) == reverse("desk:conversation", args=[0])
    with pytest.raises(NoReverseMatch):
        reversed_quickly("desk:conversation", -1)


def test_an_icon_named_in_a_template_is_drawn_once() -> None:
    [node] = QUICK.from_string('{% icon "check" %}').nodelist
    assert isinstance(node, TextNode)
    assert node.s == house.icon("check")
