"""What is said about conversations, in words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from regulars.kernel.looking import SharedWords

Words = dict[str, str | Promise]

STATUSES: Final[Words] = {
    "open": gettext_lazy("Open"),
    "waiting": gettext_lazy("Waiting"),
    "snoozed": gettext_lazy("Put aside"),
    "resolved": gettext_lazy("Resolved"),
}
STATUS_TONES: Final = {"open": "accent", "waiting": "", "snoozed": "warn", "resolved": "good"}
PRIORITIES: Final[SharedWords[int, str | Promise]] = SharedWords(
    {1: gettext_lazy("Urgent"), 2: gettext_lazy("High"), 3: gettext_lazy("Normal"), 4: gettext_lazy("Low")}
)
PRIORITY_TONES: Final = {1: "bad", 2: "warn", 3: "", 4: ""}
KINDS: Final[Words] = SharedWords({"issue": gettext_lazy("Issue"), "account": gettext_lazy("Account")})
CLOCKS: Final[Words] = {
    "first": gettext_lazy("First response"),
    "next": gettext_lazy("Next response"),
    "resolution": gettext_lazy("Resolution"),
}
CHANNELS: Final[Words] = {
    "email": gettext_lazy("e-mail"),
    "form": gettext_lazy("form"),
    "api": gettext_lazy("API"),
    "chat": gettext_lazy("chat"),
    "phone": gettext_lazy("phone"),
    "messenger": gettext_lazy("messenger"),
}
ACTORS: Final[Words] = {
    "agent": gettext_lazy("A colleague"),
    "customer": gettext_lazy("The customer"),
    "bot": gettext_lazy("The bot"),
    "rule": gettext_lazy("A rule"),
    "key": gettext_lazy("A program"),
    "system": gettext_lazy("Regulars"),
}
LINKS: Final[Words] = {
    "follows": gettext_lazy("follows"),
    "same mail": gettext_lazy("same mail, another mailbox"),
    "by hand": gettext_lazy("belongs together"),
    "split from": gettext_lazy("split from"),
}
