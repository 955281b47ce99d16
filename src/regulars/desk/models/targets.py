"""What is promised to everybody, in versions."""

from django.db import models


class Policy(models.Model):
    """One version of the hours and targets, from `at` on until the next; a row is never changed.

    `content` is read by `desk.targets.policy_from_json`. Clocks and figures go by the version of the
    moment they began, so that a change is no change of the past.
    """

    at = models.DateTimeField()
    by = models.TextField()
    content = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "policies"
        indexes = [models.Index(fields=["-at", "-id"], name="policy_newest")]

    def __str__(self) -> str:
        return f"version {self.pk} of {self.at:%Y-%m-%d %H:%M}"
