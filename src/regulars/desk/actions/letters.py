"""Turning a reply into a letter a channel can carry."""

from regulars.channels import selectors as channels
from regulars.channels.letters import Enclosure, Letter
from regulars.desk.models import Attachment, Conversation, Message
from regulars.desk.selectors import correspondence


def compose(held: Conversation, message: Message) -> Letter:
    """The letter of a reply: to whom, in answer to what, with which files."""
    heard = correspondence.heard(held)
    files = Attachment.objects.filter(message=message).order_by("pk")
    return Letter(
        channel_id=message.channel_id or held.channel_id,
        conversation_id=held.pk,
        to=message.recipients.get("to") or correspondence.reply_to(held),
        cc=message.recipients.get("cc") or [],
        bcc=message.recipients.get("bcc") or [],
        subject=message.subject or held.subject,
        text=message.text,
        html=message.html,
        author_name=message.author_name,
        in_reply_to=heard[-1] if heard else "",
        references=heard,
        is_automatic=message.is_automatic,
        enclosures=[Enclosure(file.digest, file.name, file.type, file.content_id) for file in files],
        external_id=message.external_id,
        quote=correspondence.quote(held) if channels.quotes_previous(message.channel_id or held.channel_id) else None,
    )
