"""What stops any command before it has begun: a data directory or a setting nobody can use, said in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from regulars.kernel import settings_table


@contextmanager
def said() -> Iterator[None]:
    """Say it without a stack trace, and exit with 1. Faults that are not about these stay faults."""
    try:
        yield
    except settings_table.NotANumber as refusal:
        raise click.ClickException(str(refusal)) from None
    except OSError as fault:
        if not _is_of_the_data(fault.filename):
            raise
        data = settings_table.data_directory()
        what = f"Regulars cannot keep its data in {data} ({fault.strerror}: {fault.filename})."
        raise click.ClickException(f"{what}\nChoose another directory: --data DIRECTORY, or REGULARS_DATA.") from None


def _is_of_the_data(name: object) -> bool:
    """Whether a path is the data directory, or lies in it or on the way to it."""
    if not isinstance(name, str):
        return False
    data, place = settings_table.data_directory(), Path(name)
    return place.is_relative_to(data) or data.is_relative_to(place)
