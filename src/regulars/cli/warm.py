"""`regulars warm`: compile the kernels into the cache, so that nobody waits for it later."""

import hashlib
import os
import platform
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import click

from regulars.cli.running import environment

GIVES_WAY = 15
MARK = "compiled-for"


@click.command()
def warm() -> None:
    """Compile the library's kernels into the cache. Nothing is done where this was done already.

    It runs beside a product that has just started, and gives way to whoever opens a page: what a page needs it loads
    from the cache by itself, which takes a part of a second.
    """
    environment.set_up(process="kernels")
    mark, wanted = environment.kernel_cache() / MARK, _compiled_for()
    if mark.exists() and mark.read_text() == wanted:
        return
    os.nice(GIVES_WAY)
    import tenure

    tenure.warm()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(wanted)


def _compiled_for() -> str:
    """Stands for all that makes compiled kernels worth keeping: the library as it lies there, compiler, processor.

    Loading every kernel only to find that it is there would cost each start seconds of a processor.
    """
    spec = find_spec("tenure")
    folders = spec.submodule_search_locations if spec else None
    sources = sorted(path for folder in folders or () for path in Path(folder).rglob("*.py"))
    files = [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in sources]
    tools = [version(name) for name in ("numba", "llvmlite", "numpy")]
    said = repr((files, tools, platform.python_version(), _processor()))
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _processor() -> str:
    """What the processor can do, which machine code depends on; where that is not told, its kind."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line for line in lines if line.startswith(("flags", "Features"))), platform.processor())
