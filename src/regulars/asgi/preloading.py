"""What the first page of a web process would wait for, loaded before the process takes any request.

A process that says it is ready is: otherwise whoever asks first after a start pays for the imports, once in each
process, and so may wait twice for one page.
"""

from zoneinfo import available_timezones

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

from regulars.insights import preloading

# Every page is built on the first, and of the others none has more parts than the second.
TEMPLATES = ("shell.html", "retention/page.html")


def load() -> None:
    """Import every page, and what pages import or read only when they need it."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            _ = get_resolver().reverse_dict  # kept by language
    for name in TEMPLATES:
        get_template(name)
    available_timezones()
    preloading.load()
