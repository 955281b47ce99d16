"""What channels refuse, as the person reads it."""

from regulars.kernel.errors import DomainError, Invalid, NotFound


class NoSuchChannel(NotFound):
    """There is no such channel."""


class NoSuchDelivery(NotFound):
    """There is no such delivery."""


class AddressTaken(DomainError):
    """Another channel has this address already."""


class ChannelNotUsable(Invalid):
    """A channel needs a name of at most 100 letters and an address mail can be sent to."""


class CannotCancel(DomainError):
    """This message has left already and cannot be called back."""


class NoSuchIncoming(NotFound):
    """This mail is not among those that could not be understood any more."""


class NotToBeSentAgain(DomainError):
    """This message is on its way or has arrived; only what failed or is uncertain can be sent again."""


class MailboxNotReadable(DomainError):
    """The mailbox cannot be read. Nothing was changed."""


class NoSuchMailbox(NotFound):
    """There is no such mailbox."""


class TwoWays(Invalid):
    """Mail comes in by one way and goes out by one: a server or a mail service. Leave one of the two empty."""


class NoSuchService(Invalid):
    """There is no mail service of this name, or it does not do this."""


class GiverNotUsable(Invalid):
    """Of another service that gives tokens, both addresses are needed: where to ask, and where to renew."""


class KeyNotReadable(Invalid):
    """This key cannot sign mail: paste a private RSA key (PEM) of 1024 to 4096 bits, without a password."""


class SelectorNotUsable(Invalid):
    """Signing mail (DKIM) needs a key, a selector of letters, digits and hyphens, and a domain if you name one."""


class CannotSignHere(DomainError):
    """The package dkimpy is not installed here, so nothing can be signed (DKIM). Nothing was changed; install it."""


class NoSuchForm(NotFound):
    """There is no form at this address."""


class FormIsOff(DomainError):
    """This form is switched off. Nothing was sent."""

    status = 410


class FormChanged(DomainError):
    """This form was sent already, with other words. Nothing was sent again."""


class SlugTaken(DomainError):
    """Another form has this address already."""


class FormNotUsable(Invalid):
    """A form needs a title, and an address of small letters, figures and hyphens, at most 60."""


class SiteNotUsable(Invalid):
    """A site is written like https://www.example.com; at most 50 sites."""


class FieldOfFormNotUsable(Invalid):
    """A question needs a label of its own, of at most 200 letters, and where one chooses at most 100 choices."""


class NotTheirCall(DomainError):
    """This call is not signed with the key that is set for this mailbox. Nothing was stored."""

    status = 403


class MailIsElsewhere(Invalid):
    """This call names a mail and does not bring it. Have the service send the mail itself; till then it stays there."""


class NotSettledYet(DomainError):
    """The mail this tells of is still on its way out. Tell it again in a minute."""

    status = 503


class AddressNotSuppressible(Invalid):
    """Give one address mail can be sent to, and a reason of at most 1,000 letters."""


class NotConnected(DomainError):
    """Nobody has allowed this mailbox yet. Connect it on its page in the settings."""
