"""Mail services that bring mail by a call to us, carry it by a call to them, and tell what became of it."""

from regulars.channels.email.providers.names import PROVIDERS, Provider

__all__ = ["PROVIDERS", "Provider"]
