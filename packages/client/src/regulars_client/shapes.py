"""How things look. Written by `packages/client/generate.py` from the description of the API; do not edit."""

# pyright: strict

from datetime import date, datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType


class Address(Struct, frozen=True, kw_only=True):
    """Somebody mail goes to or comes from."""

    name: str | UnsetType = UNSET
    address: str


class Agent(Struct, frozen=True, kw_only=True):
    """A colleague who may answer."""

    id: int
    name: str


class Amount(Struct, frozen=True, kw_only=True):
    """Money in minor units (cents), most likely between `low` and `high`, as it was worked out at `as_of`."""

    amount: int
    low: int
    high: int
    currency: str
    as_of: datetime


class Away(Struct, frozen=True, kw_only=True):
    """Whether the key's agent takes no new conversations."""

    is_away: bool
    etag: str = ""


class Behind(Struct, frozen=True, kw_only=True):
    """One conversation behind a number: which of its rounds, when that began, and how long it took."""

    conversation_id: int
    episode: int
    began_at: datetime
    seconds: float | None


class Bulk(Struct, frozen=True, kw_only=True):
    """One thing done in many conversations: how far it is, what was left as it was and why, and taking it back."""

    id: int
    deed: str
    told: str
    total: int
    done: int
    changed: int
    refused: int
    refusals: dict[str, int]
    at: datetime
    finished_at: datetime | None
    can_be_undone: bool
    undone: int
    not_undone: int
    undone_at: datetime | None
    etag: str = ""


class BulkAnswerPreview(Struct, frozen=True, kw_only=True):
    """How it would read in one of them, or why it would not be sent there."""

    conversation_id: int
    text: str
    refusal: str


class BulkAnswerPreviews(Struct, frozen=True, kw_only=True):
    """How an answer reads in each conversation the key's agent sees; ask for a few."""

    items: list[BulkAnswerPreview]
    etag: str = ""


class Channel(Struct, frozen=True, kw_only=True):
    """One way in and out, and whether it works.

    `trouble` is what keeps it from bringing what comes in, `out_trouble` what keeps it from sending; empty
    while it works. `waiting` came in and is not placed yet, `dead` could not be understood.
    """

    id: int
    kind: str
    name: str
    address: str
    team_id: int | None
    is_paused: bool
    worked_at: datetime | None
    trouble: str
    trouble_at: datetime | None
    out_trouble: str
    out_trouble_at: datetime | None
    waiting: int
    dead: int
    etag: str = ""


class Choice(Struct, frozen=True, kw_only=True):
    """One value a field may have; a retired one is offered no more, and stays where it was chosen."""

    key: str
    label: str
    is_retired: bool


class Clock(Struct, frozen=True, kw_only=True):
    """One promise to the customer: the first answer, the next one, or that the matter is settled.

    `target` is what promised it, `target_seconds` how long it gave: in open hours, where it counts those.
    `due_at` is null while it `is_paused`. `warned_at` and `breached_at` are when the desk said so. It is kept
    with `answered_at`; `stopped_at` says that it ended without.
    """

    kind: str
    target: str
    target_seconds: int
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    warned_at: datetime | None
    breached_at: datetime | None
    is_paused: bool
    answered_at: datetime | None
    stopped_at: datetime | None


class Consent(Struct, frozen=True, kw_only=True):
    """What a customer said last about one purpose: service, goodwill, news or sales. Null: they never said."""

    purpose: str
    is_given: bool | None
    at: datetime | None
    source: str


class Conversation(Struct, frozen=True, kw_only=True):
    """One matter between a customer and the company.

    open: it is our turn; waiting: it is the customer's; snoozed: nobody's until `snoozed_until`; resolved:
    done. `waiting_since` is since when the customer waits for us, `due_at` when the next promise to them
    comes due. `read_message_id` is the last of our messages they opened where they sign in, `read_at` when.
    `clocks` has the newest of each kind since it was last taken up; it is null in lists. `language` is the
    code of the customer's, as their mail or form said it, else as is known of them, without a country; empty
    when nobody said.
    """

    id: int
    customer_id: int
    channel_id: int
    kind: str
    status: str
    priority: str
    subject: str
    team_id: int | None
    agent_id: int | None
    labels: list[str]
    language: str
    fields: dict[str, Any]
    created_at: datetime
    last_at: datetime
    waiting_since: datetime | None
    due_at: datetime | None
    snoozed_until: datetime | None
    resolved_at: datetime | None
    is_spam: bool
    message_count: int
    has_files: bool
    preview: str
    read_message_id: int | None
    read_at: datetime | None
    clocks: list[Clock] | None
    etag: str = ""


class Identity(Struct, frozen=True, kw_only=True):
    """One way to recognise a customer, and whether it is proven to be theirs."""

    kind: str
    value: str
    is_verified: bool
    created_at: datetime


class Reason(Struct, frozen=True, kw_only=True):
    """What a risk goes with, which need not be why: `words` are for people, `code` never changes its meaning."""

    code: str
    words: str
    is_higher: bool


class Risk(Struct, frozen=True, kw_only=True):
    """How likely they leave, beside what is usual here, and at most three things this goes with."""

    probability: float
    usual: float
    reasons: list[Reason]
    as_of: datetime


class Survival(Struct, frozen=True, kw_only=True):
    """The share of those like them who are still customers `months` later, and half of whom stay `median_months`

    more.

    Of whoever is gone there is `gone_since` alone, the day since when.
    """

    share: float | None
    low: float | None
    high: float | None
    months: int | None
    median_months: float | None
    gone_since: date | None
    as_of: datetime


class Customer(Struct, frozen=True, kw_only=True):
    """A person the company serves, with those who were found to be the same.

    `value` is what they are expected to order for in the next twelve months, `risk` how likely they leave,
    `stake` what would be lost with them, `survival` how long people like them stay. Null while it is not
    known.
    """

    id: int
    merged_ids: list[int]
    name: str
    email: str
    phone: str
    language: str
    time_zone: str
    company: str | None
    labels: list[str]
    attributes: dict[str, Any]
    identities: list[Identity]
    consents: list[Consent]
    created_at: datetime
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    value: Amount | None
    risk: Risk | None
    stake: Amount | None
    survival: Survival | None
    etag: str = ""


class CustomerMerge(Struct, frozen=True, kw_only=True):
    """Two customers joined into one: `merged_id` is shown as `kept_id` until it is undone."""

    id: int
    kept_id: int
    merged_id: int
    at: datetime
    actor: str
    why: str
    etag: str = ""


class CustomerRef(Struct, frozen=True, kw_only=True):
    """Which customer: by number, or by an address or the number you know them by; made when there is none."""

    id: int | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    external_id: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET


class Day(Struct, frozen=True, kw_only=True):
    """One day's backlog: opened and ended on it, and left at its end."""

    day: date
    opened: int
    ended: int
    left: int


class DeadLetter(Struct, frozen=True, kw_only=True):
    """Something that came in and could not be understood or placed."""

    id: int
    channel_id: int
    received_at: datetime
    trouble: str
    sender: str
    size: int


class Deed(Struct, frozen=True, kw_only=True):
    """One thing a rule does, and with what."""

    deed: str
    value: str


class Delivery(Struct, frozen=True, kw_only=True):
    """One attempt to get a message out: queued, claimed, sent, failed, unknown or cancelled.

    unknown: it may or may not have left, because something broke in between; it is never sent again by
    itself.
    """

    id: int
    channel_id: int
    state: str
    external_id: str
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    attempts: int
    trouble: str


class DnsRecord(Struct, frozen=True, kw_only=True):
    """A TXT record to publish, so that others can check our signature (DKIM)."""

    name: str
    value: str


class Doors(Struct, frozen=True, kw_only=True):
    """The addresses a mail service calls, with a secret in them: where it brings mail, and tells what became of

    ours.

    Null where no service does that for this mailbox.
    """

    mail_address: str | None
    events_address: str | None
    etag: str = ""


class Draft(Struct, frozen=True, kw_only=True):
    """What the key's agent is writing in a conversation; nobody else sees it."""

    kind: str
    text: str
    changed_at: datetime
    etag: str = ""


class Erased(Struct, frozen=True, kw_only=True):
    """An erasure: everything about the customer goes, everywhere, and does not come back."""

    customer_ids: list[int]
    asked_at: datetime
    erased_at: datetime | None
    etag: str = ""


class Export(Struct, frozen=True, kw_only=True):
    """Everything there is, written into one file: asked, running, ready, failed, or gone after three days."""

    id: int
    state: str
    progress: float
    form: str
    since: datetime | None
    has_files: bool
    asked_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None
    size: int
    trouble: str
    etag: str = ""


class Fact(Struct, frozen=True, kw_only=True):
    """One thing that happened to a customer. Its number is one of the log, not an order in time."""

    id: int
    customer_id: int
    name: str
    occurred_at: datetime
    source: str
    is_trusted: bool
    properties: dict[str, Any]


class FieldDefinition(Struct, frozen=True, kw_only=True):
    """A field of the company's own. `key` is its name in `fields` of a conversation.

    `kind`: short text, long text, number, money, date, yes or no, choice, choices or link. A required one
    must be filled in before a conversation is resolved. Without `team_ids` every conversation has it.
    """

    id: int
    key: str
    label: str
    kind: str
    help: str
    choices: list[Choice]
    is_required: bool
    team_ids: list[int]
    is_retired: bool
    etag: str = ""


class File(Struct, frozen=True, kw_only=True):
    """A file in a message; `GET /files/{id}` gives its bytes."""

    id: int
    name: str
    type: str
    size: int
    is_inline: bool


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that was looked at; `is_well` is null where it could not be seen."""

    is_well: bool | None
    words: str


class Firing(Struct, frozen=True, kw_only=True):
    """One time a rule fired: what it did, and what it could not do."""

    id: int
    conversation_id: int
    trigger: str
    at: datetime
    did: list[Deed]
    trouble: str


class FormField(Struct, frozen=True, kw_only=True):
    """One question of a form's own. `key` is the field of the conversation that gets the answer; without one its

    label is.
    """

    id: str
    kind: str
    label: str
    key: str
    help: str
    is_required: bool
    choices: list[str]


class Form(Struct, frozen=True, kw_only=True):
    """A web form. The e-mail address and the message are always asked; `fields` are its own questions, in order.

    Answers leave on the mailbox; without one no mail leaves for what came in here. Against machines every
    form carries a hidden trap, a proof of work and limits, which need no setting.
    """

    id: int
    slug: str
    url: str
    title: str
    intro: str
    thanks: str
    asks_name: str
    asks_subject: str
    takes_files: bool
    fields: list[FormField]
    mailbox_id: int | None
    team_id: int | None
    priority: str
    label: str
    sites: list[str]
    is_paused: bool
    created_at: datetime
    etag: str = ""


class Found(Struct, frozen=True, kw_only=True):
    """What is behind a number: how many there are in all, and a page of them.

    The longest come first; `next` is null on the last page.
    """

    n: int
    items: list[Behind]
    next: str | None
    etag: str = ""


class FoundCustomer(Struct, frozen=True, kw_only=True):
    """A customer as a list shows them."""

    id: int
    name: str
    email: str
    phone: str
    company: str | None
    labels: list[str]
    last_seen_at: datetime | None


class SpecialDay(Struct, frozen=True, kw_only=True):
    """A day that is not as its weekday is; without intervals it is closed."""

    on: str
    intervals: str
    name: str


class Hours(Struct, frozen=True, kw_only=True):
    """When somebody is there: for each weekday from Monday its intervals, empty when closed."""

    name: str
    zone: str
    week: list[str]
    country: str
    subdivision: str
    special: list[SpecialDay]


class Label(Struct, frozen=True, kw_only=True):
    """A word put on conversations, its colour (a hue in degrees), and how many conversations bear it."""

    id: int
    name: str
    hue: int
    conversations: int
    etag: str = ""


class Lasting(Struct, frozen=True, kw_only=True):
    """How long something took, in seconds, over `n` of them; null when there is none. And how many kept a

    promise.

    `open_broken` of the broken ones still wait.
    """

    n: int
    median: float | None
    ninetieth: float | None
    mean: float | None
    kept: int
    broken: int
    open_broken: int


class Link(Struct, frozen=True, kw_only=True):
    """A conversation that belongs to this one, and why."""

    id: int
    conversation_id: int
    why: str
    subject: str
    status: str


class Load(Struct, frozen=True, kw_only=True):
    """What one agent answered and resolved in the period, and has open now."""

    agent_id: int
    answered: int
    resolved: int
    open_now: int


class Macro(Struct, frozen=True, kw_only=True):
    """A saved text agents answer or note with, things it does, or both.

    `{{customer.first_name}}` and its like stand in for what is known. One of a team is its agents' only.
    """

    id: int
    name: str
    text: str
    is_note: bool
    deeds: list[Deed]
    team_id: int | None
    is_shared: bool
    etag: str = ""


class MacroPreview(Struct, frozen=True, kw_only=True):
    """How a macro reads in one conversation; `missing` are the variables nothing was known for."""

    macro_id: int
    text: str
    missing: list[str]
    etag: str = ""


class MadeWebhook(Struct, frozen=True, kw_only=True):
    """With the secret that signs what is sent. It is shown this once."""

    id: int
    url: str
    description: str
    events: list[str]
    is_paused: bool
    created_at: datetime
    rotated_at: datetime | None
    trouble: str
    trouble_at: datetime | None
    secret: str
    etag: str = ""


class Mailbox(Struct, frozen=True, kw_only=True):
    """A mailbox as it is set up; `secrets` names those that are kept. Whether it works is said by channels.list.

    `comes_by` is imap, provider or receiver, `goes_by` smtp, provider or installation. `needs_permission` is
    true until somebody allowed it in the browser, where it is signed in to by tokens (`oauth_giver`). Mail is
    signed with `dkim_key`, a private RSA key in PEM form; `dkim_record` is to be published then.
    """

    imap_host: str
    imap_security: str
    imap_port: int | None
    imap_user: str
    imap_auth: str
    imap_folder: str
    imap_since_days: int | None
    in_provider: str
    smtp_host: str
    smtp_security: str
    smtp_port: int | None
    smtp_user: str
    smtp_auth: str
    out_provider: str
    out_domain: str
    out_region: str
    oauth_giver: str
    oauth_client_id: str
    oauth_authorize_url: str
    oauth_token_url: str
    oauth_scope: str
    dkim_selector: str
    dkim_domain: str
    from_name: str
    signature: str
    quote_previous: bool
    plus_address: bool
    subject_number: bool
    open_days: int | None
    reopen_days: int | None
    automatic_per_day: int | None
    automatic_a_day: int | None
    id: int
    name: str
    address: str
    team_id: int | None
    is_paused: bool
    created_at: datetime
    comes_by: str
    goes_by: str
    needs_permission: bool
    secrets: list[str]
    dkim_record: DnsRecord | None
    etag: str = ""


class Merge(Struct, frozen=True, kw_only=True):
    """Two conversations joined into one: `merged_id` is shown as `kept_id` until it is undone."""

    id: int
    kept_id: int
    merged_id: int
    at: datetime
    actor: str
    etag: str = ""


class Person(Struct, frozen=True, kw_only=True):
    """Somebody a mail came from or went to."""

    name: str
    address: str


class Message(Struct, frozen=True, kw_only=True):
    """One turn in a conversation, or a note, which no customer sees.

    `text` is what was written, without what it `quoted` and the `signature` below it. `recipients` has from,
    to, cc, bcc and reply_to, as far as there are any; `external_id` is the Message-ID.

    `state` of what goes out: queued, leaving, sent, failed, unknown; empty for everything else. `due_at` is
    when it leaves, `trouble` why it did not. `is_read` is whether the customer opened it where they sign in;
    who reads mail is not watched.
    """

    id: int
    conversation_id: int
    kind: str
    author_kind: str
    author_id: int | None
    author_name: str
    text: str
    html: str
    subject: str
    is_automatic: bool
    at: datetime
    state: str
    due_at: datetime | None
    trouble: str
    is_read: bool
    mentioned: list[int]
    files: list[File]
    quoted: str
    signature: str
    channel_id: int | None
    recipients: dict[str, list[Person]]
    external_id: str
    automatic_reason: str
    etag: str = ""


class Named(Struct, frozen=True, kw_only=True):
    """Something that has a number and a name."""

    id: int
    name: str
    etag: str = ""


class NewChoice(Struct, frozen=True, kw_only=True):
    """One value a field may have; one that is left out is offered no more. Its key is made of its label."""

    label: str
    key: str | UnsetType = UNSET


class NewFormField(Struct, frozen=True, kw_only=True):
    """A question. With the id of one that is asked already it is that one, changed."""

    id: str | UnsetType = UNSET
    kind: str
    label: str
    key: str | UnsetType = UNSET
    help: str | UnsetType = UNSET
    is_required: bool | UnsetType = UNSET
    choices: list[str] | UnsetType = UNSET


class NewIdentity(Struct, frozen=True, kw_only=True):
    """A further way to recognise a customer."""

    kind: str
    value: str


class Notice(Struct, frozen=True, kw_only=True):
    """One fact told to one webhook, and what it answered."""

    id: int
    event_id: str
    event: str
    state: str
    body: dict[str, Any]
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    attempts: int
    answer_status: int | None
    answer: str
    etag: str = ""


class Volume(Struct, frozen=True, kw_only=True):
    """Rounds of conversations that began, and what became of them since; `reopenings` of those that began again."""

    began: int
    reopenings: int
    messages: int
    resolved: int
    reopened: int
    replies: int


class Part(Struct, frozen=True, kw_only=True):
    """The figures of one part: all that was asked about, one step, or one group."""

    step: date | None
    group: str | None
    volume: Volume
    first: Lasting
    next: Lasting
    resolution: Lasting
    bot: Lasting


class Numbers(Struct, frozen=True, kw_only=True):
    """How the desk is doing. Times count business seconds unless calendar ones were asked for.

    `groups` are by the value asked for, as text; an empty one are those without any. Where groups overlap
    (labels), the whole counts each once.
    """

    since: date
    until: date
    zone: str
    is_business: bool
    whole: Part
    steps: list[Part]
    groups: list[Part]
    backlog: list[Day]
    workload: list[Load]
    etag: str = ""


class Participant(Struct, frozen=True, kw_only=True):
    """Somebody who takes part."""

    name: str
    address: str


class Target(Struct, frozen=True, kw_only=True):
    """A promise: so many business seconds for a first response, a next response, a resolution.

    Conversations that fit all conditions have it; an empty condition fits all.
    """

    name: str
    hours: str
    first_seconds: int | None
    next_seconds: int | None
    resolution_seconds: int | None
    priorities: list[str]
    kinds: list[str]
    channel_ids: list[int]
    team_ids: list[int]
    labels: list[str]


class Policy(Struct, frozen=True, kw_only=True):
    """The hours and targets in force; the first target that fits a conversation holds for it."""

    version: int
    since: datetime | None
    usual_hours: str
    warn_seconds: int
    hours: list[Hours]
    targets: list[Target]
    etag: str = ""


class Portal(Struct, frozen=True, kw_only=True):
    """Where customers sign in, and the mailbox that mails them the link; without one nobody is let in by mail."""

    url: str
    mailbox_id: int | None
    etag: str = ""


class Presence(Struct, frozen=True, kw_only=True):
    """An agent who has a conversation before their eyes, and whether they write in it."""

    agent_id: int
    name: str
    is_writing: bool


class Replayed(Struct, frozen=True, kw_only=True):
    """How many are told again; 1,000 at most, the oldest first."""

    count: int
    etag: str = ""


class Report(Struct, frozen=True, kw_only=True):
    """A page of figures that goes to the key's agent by mail; `question` is its address behind the question

    mark.
    """

    id: int
    every: str
    question: str
    next_at: datetime
    etag: str = ""


class Route(Struct, frozen=True, kw_only=True):
    """How the conversations of a team find somebody; of no team where `team_id` is null."""

    team_id: int | None
    method: str
    is_by_skill: bool
    etag: str = ""


class Rule(Struct, frozen=True, kw_only=True):
    """What the desk does by itself: when one of these things happens where the conditions are met, these deeds."""

    id: int
    name: str
    triggers: list[str]
    conditions: dict[str, Any]
    deeds: list[Deed]
    is_last: bool
    is_paused: bool
    fired: int
    last_fired_at: datetime | None
    etag: str = ""


class Seat(Struct, frozen=True, kw_only=True):
    """How many open conversations an agent takes, what they know, and whether they are away."""

    agent_id: int
    capacity: int
    skills: list[str]
    away_at: datetime | None
    open: int
    etag: str = ""


class Secret(Struct, frozen=True, kw_only=True):
    """A new secret. It is shown this once; for a day the one before signs too."""

    secret: str
    etag: str = ""


class Side(Struct, frozen=True, kw_only=True):
    """Asking somebody who is not the customer by mail, beside a conversation. Its customer never sees it.

    `unread_since` is when the first answer came that nobody concerned has read.
    """

    id: int
    conversation_id: int
    channel_id: int
    subject: str
    participants: list[Participant]
    message_count: int
    created_at: datetime
    last_at: datetime
    unread_since: datetime | None
    is_done: bool
    etag: str = ""


class SideMessage(Struct, frozen=True, kw_only=True):
    """One turn in a side conversation: ours by an agent, theirs from outside. `state` as of messages."""

    id: int
    side_id: int
    author_kind: str
    author_id: int | None
    author_name: str
    author_address: str
    text: str
    html: str
    is_automatic: bool
    at: datetime
    state: str
    trouble: str
    files: list[File]
    etag: str = ""


class Split(Struct, frozen=True, kw_only=True):
    """A conversation begun with messages of another; `id` undoes it."""

    id: int
    conversation_id: int
    split_from: int
    etag: str = ""


class Step(Struct, frozen=True, kw_only=True):
    """One thing done in a conversation other than saying something: by whom, and what is needed to tell it.

    `details` of a merge hold its `merge_id`; the number of a step "split" is what undoes it.
    """

    id: int
    conversation_id: int
    at: datetime
    actor: str
    actor_name: str
    verb: str
    details: dict[str, Any]


class SuppressedAddress(Struct, frozen=True, kw_only=True):
    """An address that gets no mail, and why."""

    address: str
    reason: str
    at: datetime
    etag: str = ""


class Team(Struct, frozen=True, kw_only=True):
    """A group of agents that shares conversations; a closed one's are seen by its agents only."""

    id: int
    name: str
    is_open: bool
    agent_ids: list[int]
    etag: str = ""


class Tested(Struct, frozen=True, kw_only=True):
    """What was found in a mailbox: `there` mails, of which a first look brings `brought`, of `since` and later.

    These are null where nothing is looked into, because mail is handed over. `trouble` is why it cannot be
    read.
    """

    trouble: str
    folder: str | None
    folders: list[str]
    there: int | None
    brought: int | None
    since: date | None
    findings: list[Finding]
    etag: str = ""


class Trial(Struct, frozen=True, kw_only=True):
    """Which conversations a rule's conditions fit now, the latest first; nothing is done.

    `count` is of all the rule would see, ends at 1,000, and is null where counting takes too long. The ids
    are those the key's agent may see.
    """

    count: int | None
    conversation_ids: list[int]
    next: str | None
    etag: str = ""


class Upload(Struct, frozen=True, kw_only=True):
    """A file that was taken in. Name its `id` in a message within a day."""

    id: str
    name: str
    type: str
    size: int
    etag: str = ""


class View(Struct, frozen=True, kw_only=True):
    """A saved way of looking at the inbox, or one everybody has.

    `key` asks for its conversations. `conditions` is a tree of `all`, `any`, `not` and single conditions; a
    view that is built in may show some statuses only.
    """

    key: str
    name: str
    conditions: dict[str, Any]
    statuses: list[str] | None
    sort: str
    is_shared: bool
    etag: str = ""


class ViewCount(Struct, frozen=True, kw_only=True):
    """How many conversations a view has; 1,000 stands for more than 999.

    `count` is null where nothing can meet the conditions, or counting takes too long.
    """

    key: str
    count: int | None


class Watcher(Struct, frozen=True, kw_only=True):
    """An agent who hears what happens in a conversation that is not theirs."""

    agent_id: int
    at: datetime


class Webhook(Struct, frozen=True, kw_only=True):
    """An address that is told what happens; without events, of everything at the desk.

    `trouble` is what the last try met, empty when it was taken.
    """

    id: int
    url: str
    description: str
    events: list[str]
    is_paused: bool
    created_at: datetime
    rotated_at: datetime | None
    trouble: str
    trouble_at: datetime | None
    etag: str = ""
