"""Every setting there is: name, default, sentence. Flag over environment over page over default.

A command-line flag sets the environment variable for its process tree, so that "flag over
environment" needs no second mechanism. Settings marked `on_page` can be changed in the product by
an owner or a manager; the others only by whoever runs it. docs/reference/settings.md is held
against this table by a test.
"""

import os
from dataclasses import dataclass
from pathlib import Path

LONGEST_NUMBER = 9


class NotANumber(ValueError):
    """A setting that is a number says something else; the message says which, and what it may be."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing the operator may decide."""

    name: str
    default: str
    sentence: str
    on_page: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"REGULARS_{self.name.upper()}"


TABLE: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("data", "./var", "The directory that holds the database, the mirror, files and the secret key."),
        Setting("database_url", "", "A PostgreSQL server (15 or newer) to use instead of the built-in one."),
        Setting(
            "prepared_statements",
            "1",
            "Whether the database keeps the plans of what is asked most; 0 behind a pooler that cannot have it.",
        ),
        Setting("host", "127.0.0.1", "The address the web server listens on."),
        Setting("port", "8000", "The port the web server listens on."),
        Setting("public_url", "", "The address people reach the product at; http://localhost:PORT when empty."),
        Setting(
            "secret_key",
            "",
            "The key that signs and encrypts; made once and kept in the data directory when empty.",
        ),
        Setting("web_processes", "2", "How many processes serve pages and the tracking interface."),
        Setting("web_threads", "8", "How many pages one web process answers at the same time."),
        Setting("debug", "", "Set to 1 to show developers what went wrong; never in public."),
        Setting("log_level", "info", "How much is logged: debug, info, warning or error."),
        Setting("log_format", "", "`json` for one JSON object a line; readable lines when empty."),
        Setting(
            "mail_url",
            "",
            "How mail leaves: smtp://user:password@host:587. When empty our own is printed to the log and none goes to"
            " customers; `log:` prints that too.",
        ),
        Setting("mail_from", "regulars@localhost", "The sender of the product's own mail."),
        Setting(
            "mail_listen",
            "",
            "Where mail servers hand mail over: 127.0.0.1:2525, or lmtp:127.0.0.1:2424; nowhere when empty.",
        ),
        Setting(
            "metrics_token",
            "",
            "A token that opens /metrics to other machines; only this machine may read it when empty.",
        ),
        Setting("tracking_server_rate", "100000", "Events a second one server key may send; 0 for no limit."),
        Setting("tracking_browser_rate", "5000", "Events a second one browser key may send; 0 for no limit."),
        Setting(
            "tracking_address_rate", "500", "Events a second one address may send with browser keys; 0 for no limit."
        ),
        Setting(
            "reachable_inside",
            "",
            "Private hosts webhooks may call, and files of old desks come from: names or networks, by commas.",
        ),
        Setting(
            "raw_mail_days",
            "365",
            "For how many days a mail that has its place is also kept as it came; 0 keeps it for good.",
        ),
        Setting("delivery_days", "365", "For how many days it is kept how each mail went out; 0 keeps it for good."),
        Setting("webhook_log_days", "30", "For how many days it is kept what webhooks were told; 0 keeps it for good."),
        Setting("api_rate", "50", "Requests a second one key of the API may make; 0 for no limit."),
        Setting("company_name", "", "The name of the company, as colleagues and customers read it.", on_page=True),
        Setting("time_zone", "UTC", "The time zone in which a day is a day, such as Europe/Berlin.", on_page=True),
        Setting("currency", "EUR", "The currency of amounts that name none, by ISO 4217.", on_page=True),
        Setting(
            "portal_mailbox",
            "",
            "The number of the mailbox that sends customers their sign-in links; nobody signs in by mail when empty.",
            on_page=True,
        ),
        Setting("week_starts", "monday", "The day a week begins: monday or sunday.", on_page=True),
    )
}


def from_environment(name: str) -> str | None:
    """What a flag or the environment says, if anything."""
    return os.environ.get(TABLE[name].variable) or None


def at_start(name: str) -> str:
    """The value of a setting that cannot change while running: environment over default."""
    value = from_environment(name)
    return TABLE[name].default if value is None else value


def number(name: str) -> int:
    """The value of a setting that is a whole number; `NotANumber` when it is none."""
    said = at_start(name)
    if said.isascii() and said.isdigit() and len(said) <= LONGEST_NUMBER:
        return int(said)
    setting = TABLE[name]
    raise NotANumber(f"{setting.variable} is “{said}”. It must be a whole number, such as {setting.default}.")


def data_directory() -> Path:
    """Where everything this installation keeps is kept."""
    return Path(at_start("data")).expanduser().resolve()
