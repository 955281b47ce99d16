"""Days of episodes and their waits as columns on disk, so that a year of them is read in a moment.

A day holds every episode that was opened on it, by UTC, with all its waits. The database says by a mark
when anything of a day was written anew (`EpisodeMark`); a day's file bears the marks it was read with,
and only that one is ever used. Nothing in it says what anybody wrote or who they are.
"""

from regulars.desk.selectors.numbers.days.tables import Table, Tables, days_between, moment

__all__ = ["Table", "Tables", "days_between", "moment"]
