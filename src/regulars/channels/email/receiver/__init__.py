"""A door for mail servers: they hand mail over by SMTP or LMTP, and it is stored before they hear yes."""

from regulars.channels.email.receiver.serving import Listen, run

__all__ = ["Listen", "run"]
