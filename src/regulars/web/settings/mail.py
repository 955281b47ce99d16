"""Mail the settings pages send."""

import structlog
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from regulars.kernel import page_settings

log = structlog.get_logger(__name__)


def send_invitation(email: str, *, link: str, inviter: str) -> bool:
    """Mail the link and say whether the mail left; when not, the page still shows the link."""
    company = page_settings.value("company_name") or "Regulars"
    text = render_to_string("settings/mail/invitation.txt", {"link": link, "inviter": inviter, "company": company})
    subject = _("%(inviter)s invites you to %(company)s") % {"inviter": inviter, "company": company}
    try:
        send_mail(" ".join(subject.split()), text, None, [email])
    except OSError as error:  # smtplib's errors are OSErrors
        log.warning("invitation not mailed", error=str(error))
        return False
    return True
