"""Whether the database's own disk is full. Imports nothing of Django: the log, which is set up first, asks too."""

from psycopg import errors

DISK_IS_FULL = "the disk of the database is full; what was under way was not kept. Free some space"


def is_out_of_room(error: BaseException | None) -> bool:
    """Whether the database's own disk is full: nothing of what was under way is kept, all that was stays."""
    while error is not None:
        if isinstance(error, errors.DiskFull):
            return True
        error = error.__cause__
    return False
