"""The first steps of a new installation; each shows whether it is done, and goes away when all are."""

from dataclasses import dataclass

from allauth.mfa.utils import is_mfa_enabled
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.accounts import selectors as accounts
from regulars.channels.selectors.ways import ways
from regulars.kernel import page_settings
from regulars.kernel.models import PageSetting
from regulars.web.access import may
from regulars.web.context import address
from regulars.web.middleware import AgentRequest


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do once."""

    name: str | Promise
    why: str | Promise
    icon: str
    url: str
    is_done: bool


def steps(request: AgentRequest, *, has_facts: bool) -> list[Step]:
    """The steps this agent may take; empty once every one of them is done."""
    found = [
        *_mailbox(request),
        *_facts(request, has_facts=has_facts),
        *_people(request),
        *_settings(request),
        _passkey(request),
    ]
    return [] if all(step.is_done for step in found) else found


def _facts(request: AgentRequest, *, has_facts: bool) -> list[Step]:
    found = []
    imports, keys = address("imports:list"), address("settings:keys")
    if imports and may(request, "import_files"):
        why = _("Orders or customers, from a spreadsheet or an export of your shop.")
        found.append(Step(_("Import a file"), why, "import", imports, has_facts))
    if keys and may(request, "manage_keys"):
        why = _("So that your shop can send what happens, as it happens.")
        found.append(Step(_("Create a key"), why, "key", keys, accounts.keys().exists()))
    return found


def _mailbox(request: AgentRequest) -> list[Step]:
    url = address("settings:channel_new")
    if not url or not may(request, "manage_desk"):
        return []
    is_done = any(way.kind == "email" for way in ways().present)
    return [Step(_("Connect a mailbox"), _("So that what customers write comes in here."), "mail", url, is_done)]


def _settings(request: AgentRequest) -> list[Step]:
    url = address("settings:company")
    if not url or not may(request, "manage_settings"):
        return []
    is_set = page_settings.is_fixed("time_zone") or PageSetting.objects.filter(name="time_zone").exists()
    why = _("A day is a day where your customers are.")
    return [Step(_("Set the time zone and the currency"), why, "clock", url, is_set)]


def _people(request: AgentRequest) -> list[Step]:
    url = address("settings:people")
    if not url or not may(request, "manage_people"):
        return []
    is_done = accounts.agents().count() > 1 or accounts.open_invitations().exists()
    return [Step(_("Invite a colleague"), _("Regulars is made by more than one."), "customers", url, is_done)]


def _passkey(request: AgentRequest) -> Step:
    why = _("Sign in by fingerprint or face, with no password to lose.")
    is_done = is_mfa_enabled(request.user)  # type: ignore[arg-type]
    return Step(_("Add a passkey"), why, "shield", reverse("mfa_index"), is_done)
