"""Forms of people who join."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.accounts.errors import AgentExists, NameTaken, UnusableEmail, UnusableName, UnusablePassword
from regulars.kernel.errors import DomainError

T = TypeVar("T")
FIELD_OF = {
    UnusableName: "name",
    NameTaken: "name",
    UnusableEmail: "email",
    AgentExists: "email",
    UnusablePassword: "password",
}


class JoiningForm(forms.Form):
    """What an invited colleague says of themselves."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 12 letters; a few words together are good. You can add a passkey afterwards."),
    )


class OwnerForm(JoiningForm):
    """The first owner also says where mail reaches them."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "username"}))
    field_order = ("name", "email", "password")


def refused(form: forms.Form, act: Callable[[], T]) -> T | None:
    """Do it; what is refused becomes an error beside the field it is about, and the answer is None."""
    try:
        return act()
    except DomainError as error:
        if error.status in (403, 404, 410):
            raise
        field = FIELD_OF.get(type(error))
        form.add_error(field if field in form.fields else None, str(error))
        return None
