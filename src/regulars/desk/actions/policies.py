"""Changing the hours and the targets: each change is a new version, for clocks that begin from now on."""

from django.db import connection, transaction

from regulars.accounts import audit_verbs, permission
from regulars.accounts.actions import audit
from regulars.desk.models import Policy as Row
from regulars.desk.selectors import policies
from regulars.desk.selectors.policies import InForce
from regulars.desk.targets import Policy, policy_to_json
from regulars.desk.targets.errors import PolicyChanged
from regulars.kernel import clock
from regulars.kernel.actors import Actor


@transaction.atomic
def keep(policy: Policy, *, seen: int, by: Actor) -> InForce:
    """Let a policy hold from now on; the same one again changes nothing.

    `seen` is the version the writer had before their eyes: when somebody kept another one since, theirs
    stands (`PolicyChanged`).
    """
    permission.require("manage_desk", by=by)
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE desk_policy IN SHARE ROW EXCLUSIVE MODE")
    now = policies.in_force()
    if now.number != seen:
        raise PolicyChanged
    if now.policy == policy:
        return now
    row = Row.objects.create(at=clock.now(), by=str(by), content=policy_to_json(policy))
    audit.note(audit_verbs.SETTINGS_CHANGED, by=by, subject="setting:targets", details={"version": row.pk})
    return policies.in_force()
