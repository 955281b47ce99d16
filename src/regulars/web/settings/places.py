"""The settings pages an agent may open, grouped, in the order of their tabs."""

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.web.access import may


@dataclass(frozen=True, slots=True)
class Page:
    """One settings page; without a capability it is everybody's."""

    name: str | Promise
    lead: str | Promise
    icon: str
    address_name: str
    capability: str = ""
    group: str | Promise = ""

    @property
    def url(self) -> str:
        return reverse(f"settings:{self.address_name}")


_GROUPS = (
    (_("You and your company"), (
        Page(_("Your sign-in"), _("Your name, passkeys, password and sessions."), "shield", "security"),
        Page(_("Company"), _("Name, time zone, currency, first day of the week."),
             "company", "company", "manage_settings"),
        Page(_("People"), _("Who works here, and what each may do."), "person", "people", "manage_people"),
    )),
    (_("Channels"), (
        Page(_("Mailboxes"), _("Where mail comes from, and whether it does."), "mail", "channels", "manage_desk"),
        Page(_("Forms and portal"), _("How customers write on the web, and read answers."),
             "chat", "forms", "manage_desk"),
    )),
    (_("At the desk"), (
        Page(_("Teams and routes"), _("Who shares conversations, who gets them."),
             "customers", "teams", "manage_people"),
        Page(_("Hours and targets"), _("When you are there, and how soon you answer."),
             "clock", "targets", "manage_desk"),
        Page(_("Rules"), _("What the desk does by itself."), "settings", "rules", "manage_desk"),
        Page(_("Macros"), _("What you write and do again and again."), "bolt", "macros", "answer"),
        Page(_("Fields"), _("What you note about every conversation."), "box", "fields", "manage_desk"),
        Page(_("Labels"), _("The words you put on conversations."), "label", "labels", "manage_desk"),
    )),
    (_("Data and programs"), (
        Page(_("Keys"), _("How your shop and your servers send facts."), "key", "keys", "manage_keys"),
        Page(_("Webhooks"), _("Programs of yours that are told what happens."), "link", "webhooks", "manage_keys"),
        Page(_("Moved in"), _("What came from other desks, and the files still there."),
             "import", "moved_in", "import_files"),
        Page(_("Export"), _("Everything there is, to take along."), "export", "export", "export_bulk"),
        Page(_("Who did what"), _("Sign-ins, changes and exports, kept for good."), "table", "audit", "see_audit"),
    )),
)  # fmt: skip
PAGES = tuple(replace(page, group=group) for group, listed in _GROUPS for page in listed)


def pages(request: HttpRequest) -> list[Page]:
    """Those the person asking may open."""
    return [page for page in PAGES if not page.capability or may(request, page.capability)]
