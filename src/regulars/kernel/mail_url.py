"""How mail leaves: one address, such as smtp://user:password@host:587, read into Django's settings."""

from typing import Any
from urllib.parse import unquote, urlsplit

CONSOLE = "django.core.mail.backends.console.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class NotAMailAddress(ValueError):
    """`REGULARS_MAIL_URL` is not an address of a mail server, such as smtp://user:password@host:587, nor `log:`."""


def django_mail(url: str) -> dict[str, Any]:
    """Django's mail settings: `smtp` (encrypted by STARTTLS unless `?tls=no`), `smtps`, or the log when empty.

    `log:` prints mail to customers to the log too; otherwise that counts as having no mail server,
    because nobody would notice that their answers go nowhere.
    """
    if url in ("", "log:"):
        return {"EMAIL_BACKEND": CONSOLE, "MAIL_TO_THE_LOG": url == "log:"}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise NotAMailAddress(NotAMailAddress.__doc__)
    is_wrapped = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": SMTP,
        "MAIL_TO_THE_LOG": False,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if is_wrapped else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_wrapped,
        "EMAIL_USE_TLS": not is_wrapped and "tls=no" not in parts.query.split("&"),
        "EMAIL_TIMEOUT": 10,
    }
