"""The company's own settings, changed by a person and recorded."""

from collections.abc import Mapping

from django.db import transaction

from regulars.accounts import audit_verbs, permission
from regulars.accounts.actions import audit
from regulars.kernel import page_settings
from regulars.kernel.actors import Actor


@transaction.atomic
def change(new: Mapping[str, str], *, by: Actor) -> list[str]:
    """Keep all of the new values or, when one cannot be used, none; return the names of those that differ."""
    permission.require("manage_settings", by=by)
    before = page_settings.values(*new)
    changed = [name for name, value in new.items() if page_settings.change(name, value, by=by)]
    for name in changed:
        details = {"from": before[name], "to": page_settings.value(name)}
        audit.note(audit_verbs.SETTINGS_CHANGED, by=by, subject=f"setting:{name}", details=details)
    return changed
