"""What one types to make a form: what it says, what it asks, where it leads."""

import re
from dataclasses import replace
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from regulars.accounts import selectors as accounts
from regulars.channels.actions.forms import LONGEST_HELP, LONGEST_KEY, LONGEST_LABEL, LONGEST_TEXT
from regulars.channels.selectors import forms as doors
from regulars.channels.selectors.forms import Door
from regulars.channels.webform import definitions
from regulars.channels.webform.definitions import Field, Form
from regulars.web.desk.words import PRIORITIES

ASKED = [
    (definitions.REQUIRED, _("asked, and must be answered")),
    (definitions.OPTIONAL, _("asked")),
    (definitions.OFF, _("not asked")),
]
KINDS = [
    (definitions.TEXT, _("one line of text")),
    (definitions.LONG, _("longer text")),
    (definitions.CHOICE, _("one of several choices")),
    (definitions.CHOICES, _("several of several choices")),
    (definitions.CHECKBOX, _("a box to tick")),
    (definitions.DATE, _("a date")),
    (definitions.NUMBER, _("a number")),
]
_OFF = {"autocomplete": "off"}


def mailbox_choices(nothing: Any) -> list[tuple[Any, Any]]:
    """Mailboxes that mail can leave on, after nothing."""
    return [("", nothing), *((row.pk, f"{row.name} ({row.address})") for row in doors.mailboxes())]


class DoorForm(forms.Form):
    """One form but for its own questions. `form` is what is kept."""

    title = forms.CharField(label=_("Title"), max_length=100, widget=forms.TextInput(_OFF))
    slug = forms.CharField(
        label=_("Address"), required=False, max_length=60, widget=forms.TextInput(_OFF),
        help_text=_("The last part of the page’s address, such as contact. Made from the title when empty."),
    )  # fmt: skip
    intro = forms.CharField(
        label=_("Text above the form"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3})
    )
    thanks = forms.CharField(
        label=_("Text after it was sent"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3})
    )
    name = forms.ChoiceField(label=_("Name"), choices=ASKED, initial=definitions.OPTIONAL)
    subject = forms.ChoiceField(label=_("Subject"), choices=ASKED, initial=definitions.OPTIONAL)
    takes_files = forms.BooleanField(label=_("Files can be attached"), required=False, initial=True)
    mailbox = forms.TypedChoiceField(
        label=_("Mailbox"), required=False, coerce=int, empty_value=None,
        help_text=_("Says that the message came, and sends your answers. Without one, no mail leaves."),
    )  # fmt: skip
    team = forms.TypedChoiceField(label=_("Team"), required=False, coerce=int, empty_value=None)
    priority = forms.TypedChoiceField(label=_("Priority"), coerce=int, initial=3, choices=list(PRIORITIES.items()))
    label = forms.CharField(label=_("Label"), required=False, max_length=60, widget=forms.TextInput(_OFF))
    sites = forms.CharField(
        label=_("Sites that may show it in a frame"), required=False, max_length=5_000,
        widget=forms.Textarea({"rows": 3, "placeholder": "https://www.example.com"}),
        help_text=_("One a line. Nobody else can put this form into a page of theirs."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = [(team.pk, team.name) for team in accounts.teams()]
        self.fields["team"].choices = [("", _("none")), *teams]  # type: ignore[attr-defined]  # a field of choices
        self.fields["mailbox"].choices = mailbox_choices(_("none: no mail leaves"))  # type: ignore[attr-defined]  # a field of choices

    def form(self) -> Form:
        """What was typed, as a form without questions of its own."""
        said = self.cleaned_data
        return Form(
            slug=said["slug"].strip().lower() or slugify(said["title"])[:60].strip("-"),
            title=" ".join(said["title"].split()),
            intro=said["intro"].strip(),
            thanks=said["thanks"].strip(),
            name=said["name"],
            subject=said["subject"],
            takes_files=said["takes_files"],
            mailbox_id=said["mailbox"],
            priority=said["priority"],
            label=" ".join(said["label"].split()),
            sites=tuple(re.split(r"[\s,]+", said["sites"].strip())) if said["sites"].strip() else (),
        )

    def says(self) -> list[BoundField]:
        return [self[name] for name in ("title", "slug", "intro", "thanks")]

    def asks(self) -> list[BoundField]:
        return [self[name] for name in ("name", "subject", "takes_files")]

    def leads(self) -> list[BoundField]:
        return [self[name] for name in ("mailbox", "team", "priority", "label")]

    def shows(self) -> list[BoundField]:
        return [self["sites"]]


def as_typed(door: Door | None) -> dict[str, Any]:
    """A kept form as it is typed."""
    if door is None:
        return {}
    return {**door.form.as_settings(), "mailbox": door.form.mailbox_id, "team": door.channel.team_id,
            "sites": "\n".join(door.form.sites)}  # fmt: skip


class QuestionForm(forms.Form):
    """One question of a form's own."""

    label = forms.CharField(label=_("Question"), max_length=LONGEST_LABEL, widget=forms.TextInput(_OFF))
    kind = forms.ChoiceField(label=_("Answered with"), choices=KINDS)
    choices = forms.CharField(
        label=_("Choices"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 4}),
        help_text=_("One a line, where one chooses."),
    )  # fmt: skip
    help = forms.CharField(label=_("Help below it"), required=False, max_length=LONGEST_HELP)
    is_required = forms.BooleanField(label=_("Must be answered"), required=False)
    key = forms.CharField(
        label=_("Kept as"), required=False, max_length=LONGEST_KEY,
        widget=forms.TextInput({**_OFF, "list": "known-fields"}),
        help_text=_("The field of the conversation that gets the answer. The question itself when empty."),
    )  # fmt: skip

    def question(self, known: Field | None) -> Field:
        """What was typed."""
        said = {**self.cleaned_data, "choices": tuple(self.cleaned_data["choices"].splitlines())}
        return replace(known, **said) if known else Field(id="", **said)


def question_as_typed(known: Field | None) -> dict[str, Any]:
    """A kept question as it is typed."""
    if known is None:
        return {}
    names = ("label", "kind", "help", "is_required", "key")
    return {**{name: getattr(known, name) for name in names}, "choices": "\n".join(known.choices)}
