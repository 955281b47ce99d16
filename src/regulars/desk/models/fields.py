"""Fields of the company's own: what agents note about conversations beside what every desk has."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from regulars.desk.field_values import KINDS


class FieldDefinition(models.Model):
    """One field: what it is called, what kind of value it takes, where it is asked for.

    `key` is the name under which conversations keep their values (`Conversation.fields`), and never
    changes; nor does `kind`. `choices` are `{"key", "label", "is_retired"}` in their order: one that
    is retired is offered no more, but what was chosen stays and keeps its name. `team_ids` are the
    teams whose conversations have it; none means all. A retired field is asked for nowhere; its values
    stay and are shown.
    """

    key = models.TextField(unique=True)
    label = models.TextField()
    kind = models.TextField(choices=[(kind, kind) for kind in KINDS])
    help = models.TextField(blank=True)
    choices = models.JSONField(default=list)
    is_required = models.BooleanField(default=False)  # before a conversation is resolved
    team_ids = ArrayField(models.BigIntegerField(), default=list)
    position = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.TextField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(key="") & ~Q(label=""), name="field_has_a_name"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="field_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def labels(self) -> dict[str, str]:
        """What each choice is called, the retired ones too."""
        return {each["key"]: each["label"] for each in self.choices}

    @property
    def offered(self) -> dict[str, str]:
        """What may be chosen now."""
        return {each["key"]: each["label"] for each in self.choices if not each.get("is_retired")}

    def is_asked_in(self, team_id: int | None) -> bool:
        """Whether conversations of a team, or of none, have this field."""
        return not self.team_ids or team_id in self.team_ids
