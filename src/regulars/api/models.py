"""What the public interface itself keeps."""

from django.db import models


class Call(models.Model):
    """One call that made something, by the key its caller chose: repeated, it makes nothing and answers the same.

    What was made is kept as its number, not as what was answered, so that an erasure leaves nothing here.
    """

    key_id = models.BigIntegerField()
    name = models.TextField()
    digest = models.BinaryField(max_length=32)  # of the method, the path and the body
    made_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_id", "name"], name="call_once")]
        indexes = [models.Index(fields=["at"], name="call_by_age")]

    def __str__(self) -> str:
        return f"{self.name} by key {self.key_id}"
