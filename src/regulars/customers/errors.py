"""What customers refuses, as the person reads it."""

from regulars.kernel.errors import DomainError, Invalid, NotFound


class NoSuchCustomer(NotFound):
    """There is no such customer. They may have been erased."""


class CannotMergeWithItself(Invalid):
    """A customer cannot be merged with themselves."""


class AlreadyMerged(DomainError):
    """One of the two was merged a moment ago. Open them again to see who they are now."""


class MergeAlreadyUndone(DomainError):
    """This merge was taken back already."""


class BeingErased(DomainError):
    """This customer is being erased; nothing can be changed any more."""


class NameDoesNotMatch(Invalid):
    """The name you typed is not this customer's name. Nothing was erased."""


class PartlyHidden(DomainError):
    """Some of their conversations are with a team you are not in. An export is whole: ask a manager for it."""

    status = 403


class NoSuchPurpose(Invalid):
    """Consent is given for service, goodwill, news or sales."""


class AttributeNotUsable(Invalid):
    """An attribute needs a name of at most 100 letters and a value of at most 2,000."""


class LabelNotUsable(Invalid):
    """A label is one line of 1 to 60 letters."""


class NameNotUsable(Invalid):
    """A name is one line of at most 200 letters."""


class PortalLinkOver(DomainError):
    """This link was used already, or its half hour is over. Ask for a new one; it comes by mail at once."""

    status = 410
