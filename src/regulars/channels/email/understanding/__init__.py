"""What a raw mail says, as pure functions: no database, no Django, nothing that is slow to import."""

from regulars.channels.email.understanding.mail import Attachment, Bounce, Mail
from regulars.channels.email.understanding.reading import understand

__all__ = ["Attachment", "Bounce", "Mail", "understand"]
