"""A gate that programs wait at while they have nothing to do until something else is ready."""

import os


class Gate:
    """A pipe nobody writes to: it is open once its other end is closed, for whoever waits and whoever comes later."""

    def __init__(self) -> None:
        self.number, self._bolt = os.pipe()

    def open(self) -> None:
        """Let everybody through."""
        os.close(self._bolt)


def pass_through(number: int | None) -> None:
    """Wait until the gate is open; without one, go on."""
    if number is not None:
        os.read(number, 1)
