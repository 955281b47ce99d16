"""The mail services there are, and what each needs to know of us."""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One mail service. `call_ending` is what its address for mail must end with to get mail as it came."""

    name: str
    label: str
    key_option: str  # what its key is called where mail is handed over
    call_ending: str = ""
    signs_calls: bool = False  # with a key of its own, beside the secret in the address
    shows_pictures: bool = True  # inside the text; else they go along as files
    rewrites_ids: bool = False  # it writes a Message-ID of its own over ours
    carries: bool = True  # by a call; else mail leaves through its mail server, whose host ends with `mail_server`
    mail_server: str = ""

    def tells_of(self, channel: dict[str, Any]) -> bool:
        """Whether mail of a channel leaves through this service, by the channel's settings."""
        if self.carries:
            return channel.get("out_provider") == self.name
        host = str(channel.get("smtp_host") or "").lower()
        return not channel.get("out_provider") and host.startswith("email-smtp.") and host.endswith(self.mail_server)


PROVIDERS: Final = {
    each.name: each
    for each in (
        Provider(name="mailgun", label="Mailgun", key_option="api_key", call_ending="mime", signs_calls=True),
        Provider(name="postmark", label="Postmark", key_option="server_token"),
        Provider(name="sendgrid", label="SendGrid", key_option="api_key"),
        Provider(name="amazon_ses", label="Amazon SES", key_option="", carries=False, mail_server=".amazonaws.com"),
        Provider(name="brevo", label="Brevo", key_option="api_key", shows_pictures=False, rewrites_ids=True),
    )
}
