"""What accounts refuse, as people read it."""

from regulars.kernel.errors import DomainError, Invalid, NotFound


class LastOwner(DomainError):
    """This is the only owner. Make somebody else an owner first."""


class AgentExists(DomainError):
    """A colleague with this address is here already."""


class OwnerExists(DomainError):
    """There is an owner already. Sign in, or ask them for an invitation."""


class LinkOver(DomainError):
    """This link has expired, was used already, or was replaced by a newer one. Ask for a new one."""

    status = 410


class InvitationOver(LinkOver):
    """This invitation has expired, was used already, or was taken back. Ask for a new one."""


class InvitedJustNow(DomainError):
    """Somebody invited this address a moment ago."""


class NameTaken(DomainError):
    """Another key or import has this name already. Choose a different one."""


class AlreadyRevoked(DomainError):
    """This key was revoked already."""


class UnusableEmail(Invalid):
    """This is not an e-mail address that mail can be sent to."""


class UnusableName(Invalid):
    """A name is one line of at most 200 letters."""


class UnusablePassword(Invalid):
    """This password is too easy to guess."""


class UnknownRole(Invalid):
    """There is no such role."""


class NotAKindOfKey(Invalid):
    """A key is for browsers or for servers."""


class NoSuchTeam(NotFound):
    """There is no such team."""


class TeamNameTaken(DomainError):
    """Another team has this name already. Choose a different one."""


class TeamNameNotUsable(Invalid):
    """A team's name is one line of 1 to 60 letters."""
