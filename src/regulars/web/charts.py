"""The chart library for browsers, out of the vl-convert package: written at build, never committed."""

import os
import shutil
from importlib.metadata import version
from pathlib import Path

from regulars.kernel import kept_with_environment

SNIPPET = "export { vegaEmbed };"


def write_bundle(target: Path) -> None:
    """Put the chart library, as one module, where browsers get it from; done once for each version of the package."""
    stamp = target.with_suffix(".version")
    wanted = version("vl-convert-python")
    if target.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    shared = shared_bundle()
    if shared:
        shutil.copyfile(shared, target.with_suffix(".new"))
        target.with_suffix(".new").replace(target)
    else:
        _make(target)
    stamp.write_text(wanted)


def shared_bundle() -> Path | None:
    """The module kept with the environment, made now if it is not there: that takes about 3 s."""
    folder = kept_with_environment.folder()
    if folder is None:
        return None
    kept = folder / "charts" / f"{version('vl-convert-python')}.js"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        _make(kept)
    return kept


def _make(target: Path) -> None:
    import vl_convert

    fresh = target.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(vl_convert.javascript_bundle(SNIPPET))
    fresh.replace(target)
