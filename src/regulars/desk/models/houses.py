"""Installations that exports name: numbers in an export mean something beside its house only."""

from django.db import models
from django.db.models import Q


class House(models.Model):
    """Our own, named at its first export, or one that moved in here.

    `mark` stands in the keys of what came from it; empty for the one that came before exports named their house.
    """

    name = models.TextField(primary_key=True)
    mark = models.TextField(blank=True)
    is_own = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_own"], condition=Q(is_own=True), name="one_own_house"),
            models.UniqueConstraint(fields=["mark"], condition=Q(is_own=False), name="house_mark_once"),
        ]

    def __str__(self) -> str:
        return self.name
