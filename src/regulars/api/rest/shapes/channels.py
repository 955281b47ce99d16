"""Web forms and mailboxes: what they are set to. What a change leaves out stays as it is; secrets only go in."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from regulars.api.rest.shapes.base import Id, MaybeId, Shape
from regulars.api.rest.shapes.conversations import Priority

Asked = Literal["off", "optional", "required"]
FieldKind = Literal["text", "long", "choice", "choices", "checkbox", "date", "number"]
Security = Literal["tls", "starttls", "none"]
Auth = Literal["password", "xoauth2"]
Title = Annotated[str, Field(min_length=1, max_length=100)]
Slug = Annotated[str, Field(max_length=60, description="The last part of its address; made of the title when empty.")]
Text = Annotated[str, Field(max_length=5_000)]
Label = Annotated[str, Field(max_length=60, description="Put on what comes in.")]
Site = Annotated[str, Field(max_length=300)]
Sites = Annotated[list[Site], Field(max_length=50, description="Who may show it in a frame.")]
Host = Annotated[str, Field(max_length=253)]
Port = Annotated[int | None, Field(ge=1, le=65_535, description="The usual one when null.")]
User = Annotated[str, Field(max_length=320)]
Where = Annotated[str, Field(max_length=1_000, pattern=r"^(https?://\S+)?$")]
Service = Annotated[str, Field(max_length=40, description="mailgun, postmark, sendgrid, amazon_ses, brevo, or empty.")]
Secret = Annotated[
    str, Field(max_length=8_000, description="Kept encrypted, never answered. Empty or left out, it stays.",
               json_schema_extra={"writeOnly": True}),
]  # fmt: skip


class FormField(Shape):
    """One question of a form's own. `key` is the field of the conversation that gets the answer; without one its
    label is.
    """

    example = {
        "id": "q1f0c9a2e", "kind": "choice", "label": "What is it about?", "key": "topic", "help": "",
        "is_required": True, "choices": ["Delivery", "Returns"],
    }  # fmt: skip

    id: str
    kind: FieldKind
    label: str
    key: str
    help: str
    is_required: bool
    choices: list[str]


class NewFormField(Shape):
    """A question. With the id of one that is asked already it is that one, changed."""

    example = {"kind": "choice", "label": "What is it about?", "key": "topic", "choices": ["Delivery", "Returns"]}

    id: str = Field("", max_length=40)
    kind: FieldKind
    label: str = Field(min_length=1, max_length=200)
    key: str = Field("", max_length=60)
    help: str = Field("", max_length=500)
    is_required: bool = False
    choices: list[Annotated[str, Field(max_length=200)]] = Field([], max_length=100)


class Form(Shape):
    """A web form. The e-mail address and the message are always asked; `fields` are its own questions, in order.

    Answers leave on the mailbox; without one no mail leaves for what came in here. Against machines every form
    carries a hidden trap, a proof of work and limits, which need no setting.
    """

    example = {
        "id": 4, "slug": "contact", "url": "https://desk.example/form/contact/", "title": "Contact us", "intro": "",
        "thanks": "", "asks_name": "optional", "asks_subject": "optional", "takes_files": True,
        "fields": [FormField.example], "mailbox_id": 1, "team_id": None, "priority": "normal", "label": "",
        "sites": ["https://shop.example"], "is_paused": False, "created_at": "2026-11-01T08:00:00Z",
    }  # fmt: skip

    id: int
    slug: str
    url: str
    title: str
    intro: str
    thanks: str
    asks_name: Asked
    asks_subject: Asked
    takes_files: bool
    fields: list[FormField]
    mailbox_id: int | None
    team_id: int | None
    priority: Priority
    label: str
    sites: list[str]
    is_paused: bool
    created_at: datetime


class NewForm(Shape):
    """A web form with its questions."""

    example = {
        "title": "Contact us", "slug": "contact", "fields": [NewFormField.example], "label": "Form",
        "sites": ["https://shop.example"],
    }  # fmt: skip

    title: Title
    slug: Slug = ""
    intro: Text = ""
    thanks: Text = ""
    asks_name: Asked = "optional"
    asks_subject: Asked = "optional"
    takes_files: bool = True
    fields: list[NewFormField] = Field([], max_length=40)
    mailbox_id: MaybeId = None
    team_id: MaybeId = None
    priority: Priority = "normal"
    label: Label = ""
    sites: Sites = []


class ChangedForm(Shape):
    """A form that says or asks something else, or is switched off. `fields` are all its questions from now on."""

    example = {"thanks": "We answer within a day.", "is_paused": False}

    title: Title | None = None
    slug: Slug | None = None
    intro: Text | None = None
    thanks: Text | None = None
    asks_name: Asked | None = None
    asks_subject: Asked | None = None
    takes_files: bool | None = None
    fields: list[NewFormField] | None = Field(None, max_length=40)
    mailbox_id: MaybeId = None
    team_id: MaybeId = None
    priority: Priority | None = None
    label: Label | None = None
    sites: Sites | None = None
    is_paused: bool | None = None


class Settings(Shape):
    """How mail comes in (`imap_…`, or `in_provider`; neither: a mail server hands it over) and goes out (`smtp_…`,
    or `out_provider`; neither: as the installation's own), and how it is signed in to.
    """

    imap_host: Host = ""
    imap_security: Security = "tls"
    imap_port: Port = None
    imap_user: User = ""
    imap_auth: Auth = "password"
    imap_folder: str = Field("INBOX", max_length=200)
    imap_since_days: int | None = Field(90, ge=0, le=36_500, description="Mail of how many days comes; null: all.")
    in_provider: Service = ""
    smtp_host: Host = ""
    smtp_security: Security = "starttls"
    smtp_port: Port = None
    smtp_user: User = ""
    smtp_auth: Auth = "password"
    out_provider: Service = ""
    out_domain: Host = ""
    out_region: Literal["", "eu"] = ""
    oauth_giver: Literal["", "google", "microsoft", "other"] = ""
    oauth_client_id: str = Field("", max_length=500)
    oauth_authorize_url: Where = ""
    oauth_token_url: Where = ""
    oauth_scope: str = Field("", max_length=1_000)
    dkim_selector: str = Field(
        "", max_length=63, description="With it, mail that leaves by a mail server is signed; empty: it is not."
    )
    dkim_domain: Host = ""
    from_name: str = Field("", max_length=100)
    signature: Text = ""
    quote_previous: bool = False
    plus_address: bool = True
    subject_number: bool = Field(
        False, description="Whether subjects carry the conversation's number, for answers that lose all other marks."
    )
    open_days: int | None = Field(
        None, ge=0, le=3_650, description="Past mail quiet for longer comes in resolved; null: 7 days."
    )
    reopen_days: int | None = Field(None, ge=0, le=3_650, description="An answer reopens for so many days; null: 30.")
    automatic_per_day: int | None = Field(
        None, ge=1, le=10_000, description="Conversations a machine may begin in a day; null: 20."
    )
    automatic_a_day: int | None = Field(
        None, ge=0, le=1_000, description="Automatic mails one person gets in a day; null: 4."
    )


class DnsRecord(Shape):
    """A TXT record to publish, so that others can check our signature (DKIM)."""

    example = {"name": "s1._domainkey.shop.example", "value": "v=DKIM1; k=rsa; p=MIIBIjANBg…"}

    name: str
    value: str


class Mailbox(Settings):
    """A mailbox as it is set up; `secrets` names those that are kept. Whether it works is said by channels.list.

    `comes_by` is imap, provider or receiver, `goes_by` smtp, provider or installation. `needs_permission` is true
    until somebody allowed it in the browser, where it is signed in to by tokens (`oauth_giver`). Mail is signed
    with `dkim_key`, a private RSA key in PEM form; `dkim_record` is to be published then.
    """

    example = {
        "id": 1, "name": "Help", "address": "help@shop.example", "team_id": None, "is_paused": False,
        "created_at": "2026-11-01T08:00:00Z", "comes_by": "imap", "goes_by": "smtp", "needs_permission": False,
        "secrets": ["imap_password", "smtp_password"], "imap_host": "imap.shop.example", "imap_security": "tls",
        "imap_port": None, "imap_user": "help", "imap_auth": "password", "imap_folder": "INBOX",
        "imap_since_days": 90, "in_provider": "", "smtp_host": "smtp.shop.example", "smtp_security": "starttls",
        "smtp_port": None, "smtp_user": "help", "smtp_auth": "password", "out_provider": "", "out_domain": "",
        "out_region": "", "oauth_giver": "", "oauth_client_id": "", "oauth_authorize_url": "", "oauth_token_url": "",
        "oauth_scope": "", "dkim_selector": "", "dkim_domain": "", "dkim_record": None,
        "from_name": "", "signature": "", "quote_previous": False, "plus_address": True,
        "subject_number": False, "open_days": None, "reopen_days": None, "automatic_per_day": None,
        "automatic_a_day": None,
    }  # fmt: skip

    id: int
    name: str
    address: str
    team_id: int | None
    is_paused: bool
    created_at: datetime
    comes_by: Literal["imap", "provider", "receiver"]
    goes_by: Literal["smtp", "provider", "installation"]
    needs_permission: bool
    secrets: list[str]
    dkim_record: DnsRecord | None


class Given(Settings):
    """Settings, and the secrets that go with them."""

    imap_password: Secret = ""
    imap_token: Secret = ""
    smtp_password: Secret = ""
    smtp_token: Secret = ""
    in_signing_key: Secret = ""
    out_key: Secret = ""
    oauth_secret: Secret = ""
    dkim_key: Secret = ""


class NewMailbox(Given):
    """A mailbox. Its server is reached first; one that is fetched rests until it is begun (`is_paused`: false)."""

    example = {
        "name": "Orders", "address": "orders@shop.example", "smtp_host": "smtp.shop.example", "smtp_user": "orders",
        "smtp_password": "…",
    }  # fmt: skip

    name: Title
    address: str = Field(min_length=3, max_length=320)
    team_id: MaybeId = None


class ChangedMailbox(Given):
    """A mailbox that is set up otherwise, rests, or is begun."""

    example = {"signature": "{agent}, {company}", "is_paused": False}

    name: Title | None = None
    address: str | None = Field(None, min_length=3, max_length=320)
    team_id: MaybeId = None
    is_paused: bool | None = None


class NewTest(Shape):
    """Whether to look into the mailbox alone, or to send a mail round besides: from it to itself."""

    example = {"sends": False}

    sends: bool = False
    wait_seconds: float = Field(10, ge=0, le=20)


class Finding(Shape):
    """One thing that was looked at; `is_well` is null where it could not be seen."""

    example = {"is_well": True, "words": "It came back after 2 seconds."}

    is_well: bool | None
    words: str


class Tested(Shape):
    """What was found in a mailbox: `there` mails, of which a first look brings `brought`, of `since` and later.

    These are null where nothing is looked into, because mail is handed over. `trouble` is why it cannot be read.
    """

    example = {
        "trouble": "", "folder": "INBOX", "folders": ["INBOX", "Spam"], "there": 1200, "brought": 80,
        "since": "2026-08-24", "findings": [],
    }  # fmt: skip

    trouble: str
    folder: str | None
    folders: list[str]
    there: int | None
    brought: int | None
    since: date | None
    findings: list[Finding]


class Doors(Shape):
    """The addresses a mail service calls, with a secret in them: where it brings mail, and tells what became of ours.

    Null where no service does that for this mailbox.
    """

    example = {"mail_address": "https://desk.example/mail/in/1-abc…/postmark", "events_address": None}

    mail_address: str | None
    events_address: str | None


class Portal(Shape):
    """Where customers sign in, and the mailbox that mails them the link; without one nobody is let in by mail."""

    example = {"url": "https://desk.example/portal/", "mailbox_id": 1}

    url: str
    mailbox_id: int | None


class NewPortal(Shape):
    """Which mailbox mails customers the link that lets them in."""

    example = {"mailbox_id": None}

    mailbox_id: Id | None
