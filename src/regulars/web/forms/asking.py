"""A form as the browser shows it, made from its definition; whatever is posted is read or refused with a sentence."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.channels.selectors import addresses
from regulars.channels.webform import definitions
from regulars.channels.webform.definitions import OFF, REQUIRED, Field, Form
from regulars.channels.webform.submissions import Answer
from regulars.customers import normalise

MOST_FILES, LARGEST_FILE, LARGEST_ALL = 5, 10 * 1024**2, 20 * 1024**2
LONGEST_LINE, LONGEST_TEXT = 500, 50_000
RADIOS: Final = 6
HONEYPOT: Final = "website"


class ManyFiles(forms.FileField):
    """Several files at once, or none."""

    widget = forms.FileInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [super(ManyFiles, self).clean(each, initial) for each in data or [] if each]


class ManyFilesInput(forms.FileInput):
    """An input for several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class Asked(forms.Form):
    """What a form asks of everybody, and its own questions (`own`)."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=LONGEST_LINE)
    message = forms.CharField(
        label=gettext_lazy("Your message"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 7})
    )
    uploads = ManyFiles(
        label=gettext_lazy("Files"), required=False, allow_empty_file=True, max_length=400,
        widget=ManyFilesInput({"multiple": True}),
        help_text=gettext_lazy("At most 5 files, each of at most 10 MB, together at most 20 MB."),
    )  # fmt: skip

    def __init__(self, form: Form, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form = form
        for name, asked in (("name", form.name), ("subject", form.subject)):
            self.fields[name].required = asked == REQUIRED
            if asked == OFF:
                del self.fields[name]
        if not form.takes_files:
            del self.fields["uploads"]
        self.fields |= {_name(each): _FIELDS[each.kind](each) for each in form.fields}
        own = [_name(each) for each in form.fields]
        self.order_fields(["name", "email", "subject", *own, "message", "uploads"])
        for bound in self.visible_fields():
            if bound.help_text or bound.errors:
                notes = [f"{bound.auto_id}_error"] * bool(bound.errors)
                notes += [f"{bound.auto_id}_helptext"] * bool(bound.help_text)
                bound.field.widget.attrs["aria-describedby"] = " ".join(notes)

    def clean_email(self) -> str:
        """An address we could answer, and none of our own."""
        address = normalise.email(self.cleaned_data["email"])
        if not address:
            raise forms.ValidationError(_("This is not an e-mail address."))
        if addresses.is_own(address, addresses.own()):
            raise forms.ValidationError(_("This is our own address. Give yours, so that we can answer you."))
        return address

    def clean_uploads(self) -> list[UploadedFile]:
        """Few and small enough."""
        given: Sequence[UploadedFile] = self.cleaned_data["uploads"]
        sizes = [each.size or 0 for each in given]
        if len(sizes) > MOST_FILES or any(size > LARGEST_FILE for size in sizes) or sum(sizes) > LARGEST_ALL:
            raise forms.ValidationError(
                _("These files are too many or too large. Choose them again: at most 5, together at most 20 MB.")
            )
        return list(given)

    def answers(self) -> tuple[Answer, ...]:
        """What was answered to the form's own questions, in words; unanswered ones are left out."""
        said = [(each, _words(self.cleaned_data.get(_name(each)))) for each in self.form.fields]
        return tuple(Answer(each.kept_as, each.label, words) for each, words in said if words)


def _name(field: Field) -> str:
    return f"own-{field.id}"


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else ""
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else f"{value:f}" if hasattr(value, "as_tuple") else str(value)


def _usual(field: Field) -> dict[str, Any]:
    # The house's field part prints help as HTML, as Django's own is; this one was typed by somebody.
    return {"label": field.label, "help_text": escape(field.help), "required": field.is_required}


def _choice(field: Field) -> forms.Field:
    choices = [(each, each) for each in field.choices]
    if len(choices) > RADIOS:
        return forms.ChoiceField(choices=[("", _("Choose one")), *choices], **_usual(field))
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **_usual(field))


_FIELDS: Final = {
    definitions.TEXT: lambda field: forms.CharField(max_length=LONGEST_LINE, **_usual(field)),
    definitions.LONG: lambda field: forms.CharField(
        max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 4}), **_usual(field)
    ),
    definitions.CHOICE: _choice,
    definitions.CHOICES: lambda field: forms.MultipleChoiceField(
        choices=[(each, each) for each in field.choices], widget=forms.CheckboxSelectMultiple, **_usual(field)
    ),
    definitions.CHECKBOX: lambda field: forms.BooleanField(**_usual(field)),
    definitions.DATE: lambda field: forms.DateField(
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"], **_usual(field)
    ),
    definitions.NUMBER: lambda field: forms.DecimalField(
        max_digits=30, decimal_places=10, widget=forms.NumberInput({"step": "any", "inputmode": "decimal"}),
        **_usual(field),
    ),
}  # fmt: skip
