"""What the figures are made of: written from the facts, and again from nothing whenever wanted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from regulars.desk.models.conversations import Conversation


class Episode(models.Model):
    """One round of a conversation in seconds; null where there is nothing to measure.

    The columns up to `labels` say how it stood when it ended, or stands now. `due_at` and
    `target_seconds` are those of the resolution. Seconds of the resolution are without its pauses.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="episodes", db_index=False)
    ordinal = models.IntegerField()
    opened_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.TextField(blank=True)
    resolved_by = models.IntegerField(null=True)  # the agent, when it was one
    channel_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    agent_id = models.BigIntegerField(null=True)
    priority = models.SmallIntegerField(null=True)
    kind = models.TextField(blank=True)
    labels = ArrayField(models.TextField(), default=list)
    messages = models.IntegerField(default=0)
    replies = models.IntegerField(default=0)
    seconds = models.FloatField(null=True)
    business_seconds = models.FloatField(null=True)
    paused_seconds = models.FloatField(null=True)
    paused_business_seconds = models.FloatField(null=True)
    bot_seconds = models.FloatField(null=True)
    bot_business_seconds = models.FloatField(null=True)
    target_seconds = models.IntegerField(null=True)
    due_at = models.DateTimeField(null=True)

    conversation_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "ordinal"], name="episode_once")]
        indexes = [
            models.Index(fields=["began_at"], name="episode_began"),
            models.Index(fields=["opened_at"], name="episode_opened"),
            models.Index(fields=["ended_at"], name="episode_ended"),
        ]

    def __str__(self) -> str:
        return f"episode {self.ordinal} of #{self.conversation_id}"


class Turn(models.Model):
    """One wait for an answer within an episode; the first one's answer is the first response.

    `stopped_at` says that the episode ended without an answer. `agent_id` is who answered, or has it.
    """

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="turns")
    ordinal = models.IntegerField()
    began_at = models.DateTimeField()  # of the episode, by which figures are grouped
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    channel_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    agent_id = models.BigIntegerField(null=True)
    priority = models.SmallIntegerField(null=True)
    kind = models.TextField(blank=True)
    seconds = models.FloatField(null=True)
    business_seconds = models.FloatField(null=True)
    target_seconds = models.IntegerField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "ordinal"], name="turn_once")]
        indexes = [models.Index(fields=["began_at"], name="turn_began")]

    def __str__(self) -> str:
        return f"turn {self.ordinal} of {self.episode_id}"  # type: ignore[attr-defined]  # Django adds it


class EpisodeMark(models.Model):
    """Something of a day's episodes was written anew. A day by UTC, of their opening; each mark is another number.

    The database adds them itself, whoever writes. What was read of a day holds as long as its marks are
    the same: two that are added at once are two rows, and nobody waits for the other.
    """

    day = models.DateField()
    mark = models.BigIntegerField()

    def __str__(self) -> str:
        return f"mark of {self.day}"
