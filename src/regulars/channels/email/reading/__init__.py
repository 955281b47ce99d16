"""Mail is understood in a process of its own, so that one mail never stops the others."""

from regulars.channels.email.reading.readers import NotUnderstood, Reader, lent

__all__ = ["NotUnderstood", "Reader", "lent"]
