"""Forms of the settings pages."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from regulars.accounts import audit_verbs, roles
from regulars.kernel.currencies import CURRENCIES

ROLE_NAMES = {
    roles.OWNER: _("Owner"),
    roles.MANAGER: _("Manager"),
    roles.AGENT: _("Agent"),
    roles.ANALYST: _("Analyst"),
}
ROLE_MEANINGS = {
    roles.OWNER: _("everything, keys and owners included"),
    roles.MANAGER: _("everything but keys and owners"),
    roles.AGENT: _("customers, one at a time, and the figures"),
    roles.ANALYST: _("the figures, without customers' names"),
}


def grantable_roles(*, may_grant_ownership: bool) -> list[tuple[str, str]]:
    """The roles somebody may give, with their names."""
    return [(role, str(ROLE_NAMES[role])) for role in roles.ROLES if role != roles.OWNER or may_grant_ownership]


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), initial=roles.AGENT)

    def __init__(self, *args: object, may_grant_ownership: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        offered = grantable_roles(may_grant_ownership=may_grant_ownership)
        self.fields["role"].choices = [(role, f"{name}: {ROLE_MEANINGS[role]}") for role, name in offered]  # type: ignore[attr-defined]  # a field of choices


class KeyForm(forms.Form):
    """What a new key is for."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Where it will be used, such as “Web shop”. Facts carry this name."),
    )
    kind = forms.ChoiceField(
        label=_("Used by"),
        initial="server",
        widget=forms.RadioSelect,
        choices=[
            ("server", _("a server: secret, believed in all it says")),
            ("browser", _("a browser: public, believed in little without a signed visitor token")),
            ("api", _("a program that reads and writes conversations (API): secret")),
            ("api_read", _("a program that only reads conversations (API): secret")),
        ],
    )
    also = forms.MultipleChoiceField(
        label=_("The program may also"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("export", _("take out everything that is kept about one customer")),
            ("erase", _("erase a customer for good")),
        ],
    )
    agent = forms.TypedChoiceField(
        label=_("The program sees and does"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("As a colleague, it is on record under their name, and ends with their access."),
    )

    def __init__(self, *args: object, agents: list[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        self.fields["agent"].choices = [("", _("everything")), *agents]  # type: ignore[attr-defined]  # a field of choices


class CompanyForm(forms.Form):
    """What the company decides for everybody."""

    company_name = forms.CharField(label=_("Name"), required=False, max_length=200)
    time_zone = forms.CharField(
        label=_("Time zone"),
        widget=forms.TextInput({"list": "time-zones", "autocomplete": "off"}),
        help_text=_("A day is a day in this zone, in every figure that does not say otherwise."),
    )
    currency = forms.CharField(
        label=_("Currency"),
        widget=forms.TextInput({"list": "currencies", "autocomplete": "off"}),
        help_text=_("Of amounts that name none. Amounts already recorded keep theirs."),
    )
    week_starts = forms.ChoiceField(
        label=_("Weeks begin on"), choices=[("monday", _("Monday")), ("sunday", _("Sunday"))]
    )

    time_zones = sorted(available_timezones())
    currencies = sorted(CURRENCIES)


class OwnForm(forms.Form):
    """An agent's own name and language."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("As colleagues read it."),
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As the browser asks")), *settings.LANGUAGES]
    )


class AuditFilterForm(forms.Form):
    """Which acts to show."""

    verb = forms.ChoiceField(label=_("Act"), required=False, choices=[("", _("Every act")), *audit_verbs.VERBS.items()])
    agent = forms.TypedChoiceField(label=_("By"), required=False, coerce=str, empty_value="")
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: object, agents: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        self.fields["agent"].choices = [("", _("Everybody")), *agents, ("system", _("Regulars itself"))]  # type: ignore[attr-defined]  # a field of choices


class RejectedFilterForm(forms.Form):
    """Whose rejected messages to show."""

    key = forms.TypedChoiceField(label=_("Key"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: object, keys: list[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        self.fields["key"].choices = [("", _("Every key")), *keys]  # type: ignore[attr-defined]  # a field of choices
