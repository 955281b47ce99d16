"""The chart library for browsers, out of the vl-convert package: written at build, never committed."""

from importlib.metadata import version
from pathlib import Path

SNIPPET = "export { vegaEmbed };"


def write_bundle(target: Path) -> None:
    """Write the chart library as one module; done once for each version of the package, in about 3 s."""
    stamp = target.with_suffix(".version")
    wanted = version("vl-convert-python")
    if target.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    import vl_convert

    fresh = target.with_suffix(".new")
    fresh.write_text(vl_convert.javascript_bundle(SNIPPET))
    fresh.replace(target)
    stamp.write_text(wanted)
