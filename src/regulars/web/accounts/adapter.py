"""How django-allauth behaves here: nobody signs up unasked, everything that matters is recorded."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from regulars.accounts import audit_verbs, selectors
from regulars.accounts.actions import audit
from regulars.kernel import secrets
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import DomainError
from regulars.web.addresses import client_address

log = structlog.get_logger(__name__)
NOWHERE = "0.0.0.0"


class MailFailed(DomainError):
    """The mail could not be sent just now. Try again in a few minutes, or sign in another way."""

    status = 503


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by address and password, by code or by passkey; sign-up by invitation only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "Address and password do not go together. Check both, or have a code sent to you."
        ),
        "incorrect_code": gettext_lazy("This code is not right. Look at the mail once more, or ask for a new code."),
        "incorrect_password": gettext_lazy("This is not your password. Nothing was changed; try again."),
        "rate_limited": gettext_lazy("That was asked too often. Wait a minute, then try again."),
        "too_many_login_attempts": gettext_lazy(
            "Too many wrong tries. Wait five minutes and try again, or sign in another way."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Invitations and the first owner's link have pages of their own; this door stays shut."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Without an address all share one, so that throttling still counts."""
        return client_address(request) or NOWHERE

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, and record by what means."""
        super().login(request, user)
        means = [record["method"] for record in get_authentication_records(request, user)]
        audit.note(audit_verbs.SIGNED_IN, by=actor_of(user), details={"by": means})

    def logout(self, request: HttpRequest) -> None:
        """Record it while it is still known who goes."""
        if request.user.is_authenticated:
            audit.note(audit_verbs.SIGNED_OUT, by=actor_of(request.user))
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record whose account was tried, if there is such; never what was typed, which may be a password."""
        agent = selectors.agent_by_email(str(credentials.get("email", "")))
        subject = f"agent:{agent.pk}" if agent else ""
        audit.note(audit_verbs.SIGN_IN_FAILED, by=SYSTEM, subject=subject, details={"by": "password"})

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Wrong codes are failed sign-ins too."""
        if code == "incorrect_code":
            audit.note(audit_verbs.SIGN_IN_FAILED, by=SYSTEM, subject=_tried(), details={"by": "code"})
        return super().validation_error(code, *args)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Say kindly that a mail did not leave; the reason is in the log."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # smtplib's errors are OSErrors
            log.warning("mail not sent", what=template_prefix, error=str(error))
            raise MailFailed from error

    def send_notification_mail(self, template_prefix: str, user: AbstractBaseUser, *args: Any, **kwargs: Any) -> None:
        """Every change of how somebody signs in passes here: record it, then tell them by mail.

        The change has happened by now, so a mail that does not leave must not look like a refusal.
        """
        audit.note(audit_verbs.SIGN_IN_CHANGED, by=actor_of(user), details={"what": template_prefix.split("/")[-1]})
        try:
            super().send_notification_mail(template_prefix, user, *args, **kwargs)
        except MailFailed:
            log.warning("notice not sent", what=template_prefix)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Passkeys, authenticator apps and recovery codes; what is secret is kept encrypted."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This code is not right. An app shows a new one every half minute: try the next."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt under the installation's own key."""
        return secrets.seal(text, use="second-factor").decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The counterpart of `encrypt`."""
        return secrets.unseal(encrypted_text.encode(), use="second-factor")

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Wrong codes are failed sign-ins too."""
        if code == "incorrect_code":
            audit.note(audit_verbs.SIGN_IN_FAILED, by=SYSTEM, subject=_tried(), details={"by": "second factor"})
        return super().validation_error(code, *args)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002
        """A first name for a passkey; people rename it to the device's."""
        return gettext("Passkey")

    def _get_site_name(self) -> str:
        return "Regulars"


def actor_of(user: Any) -> Actor:
    """The agent as an actor; django-allauth's types do not know it is one."""
    return user.actor


def _tried() -> str:
    """Whose account somebody tries to get into: half signed in, or proving themselves once more."""
    stage = getattr(context.request, "_login_stage", None)
    user = stage.login.user if stage else getattr(context.request, "user", None)
    return f"agent:{user.pk}" if user and user.pk else ""
