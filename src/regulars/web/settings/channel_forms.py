"""The form of a mailbox: where mail comes from, where it goes out, and what customers see of it."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from regulars.accounts import selectors as accounts
from regulars.channels.email.providers import PROVIDERS
from regulars.web.offering import offer

SECURITY = [
    ("tls", _("TLS from the beginning")),
    ("starttls", _("STARTTLS")),
    ("none", _("none, on this machine only")),
]
SIGN_IN = [("password", _("with a password")), ("xoauth2", _("with a token (XOAUTH2)"))]
SECRETS = (
    "imap_password", "imap_token", "smtp_password", "smtp_token", "in_signing_key", "out_key", "oauth_secret",
    "dkim_key",
)  # fmt: skip
NUMBERS = (
    "imap_port", "smtp_port", "imap_since_days", "open_days", "reopen_days", "automatic_per_day", "automatic_a_day",
)  # fmt: skip
SERVICES = [("", "–"), *((each.name, each.label) for each in PROVIDERS.values())]
CARRIERS = [("", "–"), *((each.name, each.label) for each in PROVIDERS.values() if each.carries)]
COMES_BY = [
    ("imap", _("Regulars looks into a mailbox (IMAP)")),
    ("receiver", _("a mail server hands it over (SMTP or LMTP)")),
    ("provider", _("a mail service calls")),
]
GOES_BY = [
    ("smtp", _("through a mail server (SMTP)")),
    ("provider", _("through a mail service")),
    ("installation", _("as the installation’s own mail")),
]
GIVERS = [
    ("", _("no: by password, or by a token of your own")), ("google", "Google"), ("microsoft", "Microsoft 365"),
    ("other", _("another service")),
]  # fmt: skip
_OFF = {"autocomplete": "off"}
# Which field decides for a way, by the way and what it stands beside.
_DECIDES = {
    ("imap", "imap"): "imap_host", ("provider", "imap"): "in_provider",
    ("smtp", "smtp"): "smtp_host", ("provider", "smtp"): "out_provider",
}  # fmt: skip


def _secret(label: Any) -> forms.CharField:
    widget = forms.PasswordInput({"autocomplete": "new-password"})
    return forms.CharField(
        label=label, required=False, strip=False, max_length=8_000, widget=widget,
        help_text=_("Kept encrypted and never shown again. Left empty, it stays; another server is told it anew."),
    )  # fmt: skip


class SecretText(forms.Textarea):
    """Several lines that are typed in and never shown again, not even beside an error."""

    def format_value(self, value: Any) -> str:
        return ""


class ChannelForm(forms.Form):
    """Everything about one mailbox. `settings` and `secret` are what is kept."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(_OFF))
    address = forms.EmailField(label=_("Address"), help_text=_("What customers write to."))
    team = forms.TypedChoiceField(label=_("Team"), required=False, coerce=int, empty_value=None)

    comes_by = forms.ChoiceField(label=_("How it comes in"), choices=COMES_BY, required=False, initial="imap")
    in_provider = forms.ChoiceField(label=_("Mail service that brings it"), choices=SERVICES, required=False)
    in_signing_key = _secret(_("Key by which the service signs its calls"))
    imap_host = forms.CharField(
        label=_("IMAP server"), required=False, max_length=253, widget=forms.TextInput(_OFF),
        help_text=_("Such as imap.example.com."),
    )  # fmt: skip
    imap_security = forms.ChoiceField(label=_("Encryption"), choices=SECURITY, initial="tls")
    imap_port = forms.IntegerField(label=_("Port"), required=False, min_value=1, max_value=65_535)
    imap_user = forms.CharField(label=_("User"), required=False, max_length=320, widget=forms.TextInput(_OFF))
    imap_auth = forms.ChoiceField(label=_("Sign in"), choices=SIGN_IN, initial="password")
    imap_password = _secret(_("Password"))
    imap_token = _secret(_("Token"))
    imap_folder = forms.CharField(label=_("Folder"), required=False, max_length=200, initial="INBOX")
    imap_since_days = forms.IntegerField(
        label=_("Bring mail of the last days"), required=False, min_value=0, max_value=36_500, initial=90,
        help_text=_("At the beginning, and in silence: nobody is written to. 0 brings none, empty brings all."),
    )  # fmt: skip

    goes_by = forms.ChoiceField(label=_("How it goes out"), choices=GOES_BY, required=False, initial="smtp")
    out_provider = forms.ChoiceField(label=_("Mail service that sends it"), choices=CARRIERS, required=False)
    out_key = _secret(_("Key for sending (API key or server token)"))
    out_domain = forms.CharField(
        label=_("Sending domain"), required=False, max_length=253, widget=forms.TextInput(_OFF),
        help_text=_("Only Mailgun asks for it, such as mg.example.com."),
    )  # fmt: skip
    out_region = forms.ChoiceField(
        label=_("Region"), choices=[("", _("the usual one")), ("eu", _("Europe"))], required=False
    )
    smtp_host = forms.CharField(
        label=_("SMTP server"), required=False, max_length=253, widget=forms.TextInput(_OFF),
        help_text=_("Such as smtp.example.com."),
    )  # fmt: skip
    smtp_security = forms.ChoiceField(label=_("Encryption"), choices=SECURITY, initial="starttls")
    smtp_port = forms.IntegerField(label=_("Port"), required=False, min_value=1, max_value=65_535)
    smtp_user = forms.CharField(label=_("User"), required=False, max_length=320, widget=forms.TextInput(_OFF))
    smtp_auth = forms.ChoiceField(label=_("Sign in"), choices=SIGN_IN, initial="password")
    smtp_password = _secret(_("Password"))
    smtp_token = _secret(_("Token"))
    dkim_selector = forms.CharField(
        label=_("Sign mail (DKIM): selector"), required=False, max_length=63, widget=forms.TextInput(_OFF),
        help_text=_("Only where the server does not sign by itself. Empty, nothing is signed here."),
    )  # fmt: skip
    dkim_domain = forms.CharField(
        label=_("Domain that signs"), required=False, max_length=253, widget=forms.TextInput(_OFF),
        help_text=_("The address’s own when left empty."),
    )  # fmt: skip
    dkim_key = forms.CharField(
        label=_("Private key (RSA, PEM)"), required=False, max_length=8_000,
        widget=SecretText({"rows": 3, "spellcheck": "false", **_OFF}),
        help_text=_("Kept encrypted and never shown again. Left empty, it stays."),
    )  # fmt: skip

    oauth_giver = forms.ChoiceField(
        label=_("Sign in through the browser"), choices=GIVERS, required=False,
        help_text=_("Instead of passwords: you allow it once, and Regulars renews it by itself."),
    )  # fmt: skip
    oauth_client_id = forms.CharField(
        label=_("Client ID of your own app there"), required=False, max_length=500, widget=forms.TextInput(_OFF)
    )
    oauth_secret = _secret(_("Its client secret"))
    oauth_authorize_url = forms.URLField(
        label=_("Where to ask for permission"), required=False, max_length=1_000, assume_scheme="https",
        help_text=_("This and the next two only for another service."),
    )  # fmt: skip
    oauth_token_url = forms.URLField(
        label=_("Where to renew it"), required=False, max_length=1_000, assume_scheme="https"
    )
    oauth_scope = forms.CharField(label=_("For what (scope)"), required=False, max_length=1_000)

    from_name = forms.CharField(
        label=_("Sender's name"), required=False, max_length=100, help_text=_("The company's name when left empty.")
    )
    signature = forms.CharField(
        label=_("Signature"), required=False, max_length=5_000, widget=forms.Textarea({"rows": 3}),
        help_text=_("{agent} and {company} stand for who signs."),
    )  # fmt: skip
    quote_previous = forms.BooleanField(label=_("Show the message that is answered below the answer"), required=False)
    plus_address = forms.BooleanField(
        label=_("Let answers come back to an address of their own (help+…)"), required=False, initial=True
    )
    subject_number = forms.BooleanField(
        label=_("Put the conversation’s number in the subject"), required=False,
        help_text=_(
            "Where answers come back through systems that lose everything else. It counts only from somebody who takes "
            "part already. Some mail programs then show the answer apart from what the customer wrote."
        ),
    )  # fmt: skip
    open_days = forms.IntegerField(
        label=_("Past mail comes in open when it is of the last days"), required=False, min_value=0, max_value=3_650,
        initial=7, help_text=_("Somebody may still wait for an answer. What was quiet for longer comes in resolved."),
    )  # fmt: skip
    reopen_days = forms.IntegerField(
        label=_("An answer opens the conversation again for so many days"), required=False, min_value=0,
        max_value=3_650, initial=30, help_text=_("After that it begins a new one, linked to the old."),
    )  # fmt: skip
    automatic_per_day = forms.IntegerField(
        label=_("Conversations a machine may begin in a day"), required=False, min_value=1, max_value=10_000,
        initial=20, help_text=_("What else it sends that day goes into the last of them."),
    )  # fmt: skip
    automatic_a_day = forms.IntegerField(
        label=_("Automatic mails one person gets in a day"), required=False, min_value=0, max_value=1_000, initial=4,
        help_text=_("More are not sent, so that two machines never write to each other for ever."),
    )  # fmt: skip

    KEPT = (
        "imap_host", "imap_security", "imap_port", "imap_user", "imap_auth", "imap_folder", "imap_since_days",
        "smtp_host", "smtp_security", "smtp_port", "smtp_user", "smtp_auth",
        "from_name", "signature", "quote_previous", "plus_address", "subject_number", "open_days", "reopen_days",
        "automatic_per_day", "automatic_a_day", "in_provider", "out_provider", "out_domain", "out_region",
        "oauth_giver", "oauth_client_id", "oauth_authorize_url", "oauth_token_url", "oauth_scope",
        "dkim_selector", "dkim_domain",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = [(team.pk, team.name) for team in accounts.teams()]
        offer(self, "team", [("", _("none")), *teams])

    def clean(self) -> dict[str, Any]:
        """What is not chosen says nothing, so that two ways never bring the same mail."""
        said = super().clean() or self.cleaned_data
        comes_by, goes_by = said.get("comes_by"), said.get("goes_by")
        for chosen, ways in ((comes_by, ("imap", "provider")), (goes_by, ("smtp", "provider"))):
            unchosen = [way for way in ways if chosen and way != chosen]
            said |= {_DECIDES[way, ways[0]]: "" for way in unchosen}
        for chosen, name in ((comes_by, "in_provider"), (goes_by, "out_provider")):
            if chosen == "provider" and not said.get(name):
                self.add_error(name, _("Choose the mail service."))
        for chosen, name in ((comes_by, "imap_host"), (goes_by, "smtp_host")):
            if chosen == name[:4] and not said.get(name):
                self.add_error(name, _("Give the server’s name."))
        if said.get("oauth_giver") == "other" and not (said.get("oauth_authorize_url") and said.get("oauth_token_url")):
            self.add_error("oauth_authorize_url", _("Give both addresses of the service."))
        return said

    def settings(self, before: dict[str, Any]) -> dict[str, Any]:
        """What is not secret, over what was set before; an empty number means the usual one, days alone mean all."""
        said = {name: self.cleaned_data[name] for name in self.KEPT}
        unsaid = [name for name in NUMBERS if said[name] is None and name != "imap_since_days"]
        return {key: value for key, value in {**before, **said}.items() if key not in unsaid}

    def secret(self) -> dict[str, str]:
        """What is secret and was entered now."""
        return {name: self.cleaned_data[name] for name in SECRETS if self.cleaned_data[name]}

    def mailbox(self) -> list[BoundField]:
        return [self[name] for name in ("name", "address", "team")]

    def comes_in(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith(("comes_", "in_", "imap_"))]

    def goes_out(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith(("goes_", "out_", "smtp_", "dkim_"))]

    def signs_in(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith("oauth_")]

    def looks(self) -> list[BoundField]:
        return [self[name] for name in ("from_name", "signature", "quote_previous", "plus_address", "subject_number")]

    def goes_on(self) -> list[BoundField]:
        return [self[name] for name in ("open_days", "reopen_days", "automatic_per_day", "automatic_a_day")]
