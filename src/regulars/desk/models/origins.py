"""Accounts of other desks that moved in: numbers in an export mean something beside its account only."""

from django.db import models


class Origin(models.Model):
    """An account as its exports name it; empty where they do not.

    `mark` stands in the keys of what came from it. Two names may have one mark: an account that was renamed.
    """

    kind = models.TextField()  # "zendesk"
    name = models.TextField(blank=True)
    mark = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="origin_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()
