"""What cannot be said about opening hours."""

from regulars.kernel.errors import Invalid


class UnreadableHours(Invalid):
    """These hours cannot be read. Write them as 09:00-12:30, 13:30-17:00, or leave the day empty when it is closed."""


class UnknownZone(Invalid):
    """This is not a time zone. Write one such as Europe/Berlin."""


class UnknownHolidays(Invalid):
    """There is no list of public holidays for this place. Leave it empty and add your own days."""


class NeverOpen(Invalid):
    """These hours are never open from here on, so nothing can come due. Add at least one opening."""
