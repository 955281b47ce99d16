"""A flag sets the environment for the whole tree, so that every process reads one thing."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from regulars.kernel import kept_with_environment, settings_table

F = TypeVar("F", bound=Callable[..., Any])


def flags(command: F) -> F:
    """`--data`, `--host` and `--port`, each setting its environment variable."""
    for name, metavar in (("port", "N"), ("host", "ADDRESS"), ("data", "DIRECTORY")):
        setting = settings_table.TABLE[name]
        command = click.option(
            f"--{name}",
            metavar=metavar,
            type=click.IntRange(1, 65_535) if name == "port" else str,
            help=f"{setting.sentence} [{setting.variable}, {setting.default}]",
            expose_value=False,
            is_eager=True,
            callback=_set,
        )(command)
    return command


def address() -> str:
    """Where people reach the product."""
    return settings_table.at_start("public_url") or f"http://localhost:{settings_table.at_start('port')}"


def kernel_cache() -> Path:
    """Where compiled kernels are kept: in the environment `make install` made, else with the data.

    Kept with the environment, every data directory shares what was compiled at installation.
    """
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        return Path(given)
    return (kept_with_environment.folder() or settings_table.data_directory()) / "kernels"


def set_up(*, process: str) -> None:
    """Point a child's libraries at their folders, before they are imported."""
    data = settings_table.data_directory()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
    os.environ["NUMBA_CACHE_DIR"] = str(kernel_cache())
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(data / "metrics"))
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)
    os.environ["REGULARS_PROCESS"] = process


def _set(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value is not None and parameter.name:
        os.environ[settings_table.TABLE[parameter.name].variable] = str(value)
