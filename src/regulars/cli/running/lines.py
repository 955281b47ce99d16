"""What the process tree writes: one readable line after another, or one JSON object a line."""

import json
import sys
from dataclasses import dataclass, field
from datetime import UTC
from typing import TextIO

from regulars.kernel import clock, settings_table

NOTE = "\x1e"  # begins a line a child says to its parent rather than to the reader
NAME_WIDTH = 9
COLOURS = (36, 35, 34, 33, 32)
LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
LEVEL_COLOURS = {"debug": 2, "info": 32, "warning": 33, "error": 31}
# PostgreSQL's own words for how grave a line is. Its ERROR is an answer to whoever asked, who says it if it matters.
SEVERITIES = {"LOG": "debug", "WARNING": "warning", "ERROR": "debug", "FATAL": "warning", "PANIC": "error"}
# Said once for each client while a server starts or after it was killed; that it happened is said elsewhere.
EXPECTED = (
    "the database system is starting up",
    "the database system is in recovery mode",
    "the database system is not yet accepting connections",
    "terminating connection due to unexpected postmaster exit",
)


@dataclass
class Lines:
    """Where lines go and how they look."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    is_json: bool = field(default_factory=lambda: settings_table.at_start("log_format") == "json")
    lowest: str = field(default_factory=lambda: settings_table.at_start("log_level"))
    colours: dict[str, int] = field(default_factory=dict)

    @property
    def has_colour(self) -> bool:
        return not self.is_json and self.out.isatty()

    def say(self, text: str, *, level: str = "info", name: str = "regulars") -> None:
        """Write a line of our own."""
        if LEVELS[level] < LEVELS.get(self.lowest, 20):
            return
        at = clock.now().astimezone(UTC)
        if self.is_json:
            self._write(json.dumps({"at": at.isoformat(), "level": level, "process": name, "event": text}))
            return
        local = at.astimezone().strftime("%H:%M:%S")
        self._write(self._named(name, f"{local} {self._paint(LEVEL_COLOURS[level], f'{level:<8}')}{text}"))

    def pass_on(self, name: str, text: str) -> None:
        """Write a line that a child wrote; it says its own time and level."""
        if name == "database":
            self._database(text)
        elif not self.is_json:
            self._write(self._named(name, text))
        elif text.startswith("{"):
            self._write(text)
        else:
            self.say(text, name=name)

    def plain(self, text: str) -> None:
        """Write words meant for a person at a terminal; in JSON an event like any other."""
        if self.is_json:
            self.say(text)
        else:
            self._write(self._paint(1, text))

    def _database(self, text: str) -> None:
        severity, colon, rest = text.partition(":")
        is_known = bool(colon) and severity in SEVERITIES
        if rest.strip() in EXPECTED:
            severity = "LOG"
        self.say(rest.strip() if is_known else text, level=SEVERITIES.get(severity, "info"), name="database")

    def _named(self, name: str, text: str) -> str:
        colour = self.colours.setdefault(name, COLOURS[len(self.colours) % len(COLOURS)])
        return f"{self._paint(colour, f'{name:<{NAME_WIDTH}} │')} {text}"

    def _paint(self, code: int, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.has_colour else text

    def _write(self, text: str) -> None:
        try:
            self.out.write(text + "\n")
            self.out.flush()
        except OSError:  # whoever read along has gone; that is no reason to stop serving
            pass
