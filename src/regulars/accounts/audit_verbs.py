"""The acts that are recorded, as people read them. Others may be noted too; these can be filtered by."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SIGNED_IN = "signed in"
SIGN_IN_FAILED = "sign-in failed"
SIGNED_OUT = "signed out"
SIGN_IN_LINK_MADE = "sign-in link made"
SIGN_IN_CHANGED = "sign-in changed"
OWNER_CREATED = "owner created"
AGENT_ADDED = "agent added"
AGENT_AWAITED = "agent awaited"
AGENT_INVITED = "agent invited"
INVITATION_REVOKED = "invitation revoked"
INVITATION_ACCEPTED = "invitation accepted"
ROLE_CHANGED = "role changed"
AGENT_DEACTIVATED = "agent deactivated"
AGENT_REACTIVATED = "agent reactivated"
SECOND_FACTOR_RESET = "second factor reset"
KEY_CREATED = "key created"
KEY_REVOKED = "key revoked"
SECRET_SHOWN = "secret shown"
SETTINGS_CHANGED = "settings changed"
AUDIT_EXPORTED = "audit exported"
CUSTOMER_EXPORTED = "customer exported"
CUSTOMERS_EXPORTED = "customers exported"
EVERYTHING_EXPORTED = "everything exported"
EXPORT_DOWNLOADED = "export downloaded"
CUSTOMER_ERASED = "customer erased"
CUSTOMERS_MERGED = "customers merged"
MERGE_UNDONE = "merge undone"
FILE_IMPORTED = "file imported"
IMPORT_STARTED = "import started"
IMPORT_CANCELLED = "import cancelled"
TEAM_CREATED = "team created"
TEAM_CHANGED = "team changed"
TEAM_ARCHIVED = "team archived"
CHANNEL_CREATED = "channel created"
CHANNEL_CHANGED = "channel changed"
CHANNEL_ARCHIVED = "channel archived"
ADDRESS_SUPPRESSED = "address suppressed"
ADDRESS_LIFTED = "address lifted"
LABEL_MADE = "label made"
LABEL_CHANGED = "label changed"
LABEL_REMOVED = "label removed"
LABELS_JOINED = "labels joined"
WEBHOOK_CREATED = "webhook created"
WEBHOOK_CHANGED = "webhook changed"
WEBHOOK_ENDED = "webhook ended"

VERBS: Final[dict[str, str | Promise]] = {
    SIGNED_IN: _("signed in"),
    SIGN_IN_FAILED: _("failed to sign in"),
    SIGNED_OUT: _("signed out"),
    SIGN_IN_LINK_MADE: _("made a sign-in link"),
    SIGN_IN_CHANGED: _("changed how they sign in"),
    OWNER_CREATED: _("became the first owner"),
    AGENT_ADDED: _("added a colleague"),
    AGENT_AWAITED: _("added a colleague who has no access yet"),
    AGENT_INVITED: _("invited a colleague"),
    INVITATION_REVOKED: _("took an invitation back"),
    INVITATION_ACCEPTED: _("accepted an invitation"),
    ROLE_CHANGED: _("changed a role"),
    AGENT_DEACTIVATED: _("ended a colleague's access"),
    AGENT_REACTIVATED: _("gave a colleague access again"),
    SECOND_FACTOR_RESET: _("reset a second factor"),
    KEY_CREATED: _("made a key"),
    KEY_REVOKED: _("revoked a key"),
    SECRET_SHOWN: _("looked at a signing secret"),
    SETTINGS_CHANGED: _("changed a setting"),
    AUDIT_EXPORTED: _("exported this record"),
    CUSTOMER_EXPORTED: _("exported a customer"),
    CUSTOMERS_EXPORTED: _("exported a list of customers"),
    EVERYTHING_EXPORTED: _("asked for an export of everything"),
    EXPORT_DOWNLOADED: _("downloaded an export of everything"),
    CUSTOMER_ERASED: _("erased a customer"),
    CUSTOMERS_MERGED: _("joined two customers"),
    MERGE_UNDONE: _("took a merge back"),
    FILE_IMPORTED: _("imported a file"),
    IMPORT_STARTED: _("began to import a file"),
    IMPORT_CANCELLED: _("stopped an import"),
    TEAM_CREATED: _("made a team"),
    TEAM_CHANGED: _("changed a team"),
    TEAM_ARCHIVED: _("put a team away"),
    CHANNEL_CREATED: _("made a channel"),
    CHANNEL_CHANGED: _("changed a channel"),
    CHANNEL_ARCHIVED: _("put a channel away"),
    ADDRESS_SUPPRESSED: _("stopped mail to an address"),
    ADDRESS_LIFTED: _("allowed mail to an address again"),
    LABEL_MADE: _("made a label"),
    LABEL_CHANGED: _("changed a label"),
    LABEL_REMOVED: _("took a label away"),
    LABELS_JOINED: _("joined two labels"),
    WEBHOOK_CREATED: _("made a webhook"),
    WEBHOOK_CHANGED: _("changed a webhook"),
    WEBHOOK_ENDED: _("ended a webhook"),
}
