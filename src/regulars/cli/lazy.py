"""A click group that knows its commands' names and sentences, and imports them only to run them."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from regulars.cli import refusals

Where = Mapping[str, tuple[str, str]]  # name -> ("module:attribute", sentence)


class LazyGroup(click.Group):
    """`--help` reads the table; calling a command imports its module."""

    def __init__(self, name: str, *, commands_at: Where, internal_at: Where, **options: Any) -> None:
        super().__init__(name, **options)
        self.commands_at = commands_at
        self.internal_at = internal_at
        click.version_option(package_name="regulars")(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        where = {**self.commands_at, **self.internal_at}.get(cmd_name)
        if where is None:
            return None
        module, _, attribute = where[0].partition(":")
        return getattr(import_module(module), attribute)

    def invoke(self, ctx: click.Context) -> Any:
        with refusals.said():
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in self.commands_at.items()])
