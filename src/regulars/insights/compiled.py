"""Whether the library's loops lie compiled in their cache already: a mark beside them says for what they were compiled.

Loading every loop only to find that it is there would cost each start seconds of a processor.
"""

import hashlib
import os
import platform
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

MARK = "compiled-for"


def is_kept() -> bool:
    """Whether the first use of a loop only loads it."""
    mark = _mark()
    return mark is not None and mark.exists() and mark.read_text() == _compiled_for()


def note() -> None:
    """Say that everything has been compiled."""
    mark = _mark()
    if mark is not None:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(_compiled_for())


def _mark() -> Path | None:
    folder = os.environ.get("NUMBA_CACHE_DIR")
    return Path(folder) / MARK if folder else None


def _compiled_for() -> str:
    """Stands for all that makes compiled loops worth keeping: the library as it lies there, compiler, processor."""
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
