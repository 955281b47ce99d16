"""How much room there is, and whether the database's own disk is full.

Imports nothing of Django: the log, which is set up first, asks too.
"""

import shutil

from psycopg import errors

from regulars.kernel import postgres, settings_table, within_reach

DISK_IS_FULL = "the disk of the database is full; what was under way was not kept. Free some space"


def is_out_of_room(error: BaseException | None) -> bool:
    """Whether the database's own disk is full: nothing of what was under way is kept, all that was stays."""
    while error is not None:
        if isinstance(error, errors.DiskFull):
            return True
        error = error.__cause__
    return False


def free_bytes() -> int:
    """The least room where something is kept: files and the database may lie on disks of their own."""
    data = settings_table.data_directory()
    places = [data, data / "files", *([within_reach.present_database(data)] if postgres.is_used() else [])]
    return min(shutil.disk_usage(place).free for place in places if place.exists())
