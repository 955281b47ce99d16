"""What may be an agent's name, address and password."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from regulars.accounts import roles
from regulars.accounts.errors import UnknownRole, UnusableEmail, UnusableName, UnusablePassword
from regulars.accounts.models import Agent

LONGEST_NAME = 200
LONGEST_PASSWORD = 1000  # Argon2 would chew on a book


def email(text: str) -> str:
    """The address in lower case, as it is kept and compared."""
    cleaned = text.strip().lower()
    try:
        validate_email(cleaned)
    except ValidationError as error:
        raise UnusableEmail from error
    return cleaned


def name(text: str, *, may_be_empty: bool = True) -> str:
    """One line."""
    cleaned = text.strip()
    if len(cleaned) > LONGEST_NAME or not cleaned.isprintable() or not (cleaned or may_be_empty):
        raise UnusableName
    return cleaned


def password(text: str, *, email: str = "", name: str = "") -> str:
    """Long enough, not common, not made of the agent's own name or address."""
    if len(text) > LONGEST_PASSWORD:
        raise UnusablePassword
    try:
        validate_password(text, user=Agent(email=email, name=name))
    except ValidationError as error:
        raise UnusablePassword(" ".join(error.messages)) from error
    return text


def role(text: str) -> str:
    """One of the four."""
    if text not in roles.ROLES:
        raise UnknownRole
    return text
