"""The wheel by itself, with what it declares and nothing else: no Django, no product, no source folder beside it.

Installed into a folder of its own beside links to the declared dependencies (and theirs), as pip would choose them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, PathDistribution, distribution
from pathlib import Path

import pytest
from numba.core.caching import _CacheLocator
from packaging.requirements import Requirement

PACKAGE = Path(__file__).resolve().parents[1]
SCRIPTS = Path(__file__).resolve().parent / "wheel_scripts"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q")
Run = Callable[..., str]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the sources as they are, without reaching for the network."""
    pytest.importorskip("hatchling", reason="the wheel is built with hatchling, which is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    told = [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), str(PACKAGE)]
    subprocess.run(told, check=True)
    (built,) = folder.glob("tenure-*.whl")
    return built


@pytest.fixture(scope="module")
def run(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run a script with the installed wheel, its dependencies and those of the extras named."""
    site, kernels = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("kernels")
    subprocess.run([*PIP, "install", "--no-deps", "--no-index", "--target", str(site), str(wheel)], check=True)

    _lend_compiled(site, kernels)

    def with_only(script: str, *, extras: frozenset[str] = frozenset()) -> str:
        beside = tmp_path_factory.mktemp("beside")
        _link(_declared(site, extras), beside)
        places = f"import sys; sys.path += [{str(site)!r}, {str(beside)!r}]\n"
        told = [sys.executable, "-I", "-S", "-c", places + script]
        environment = {"PATH": os.environ["PATH"], "HOME": str(beside), "NUMBA_CACHE_DIR": str(kernels)}
        done = subprocess.run(told, capture_output=True, text=True, env=environment, cwd=beside, timeout=240)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return with_only


def test_it_holds_the_library_its_typing_mark_and_nothing_else(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    source = PACKAGE / "src"
    written = {str(file.relative_to(source)) for file in source.rglob("*.py")} | {"tenure/py.typed"}
    assert held == written


def test_every_area_answers_with_the_declared_dependencies_alone(run: Run) -> None:
    assert run((SCRIPTS / "areas.py").read_text()).splitlines() == [
        "retention", "survival", "lifecycle", "revenue", "value", "effect", "risk asks for tenure[models]",
        "charts ask for tenure[chart]", "nothing of the product",
    ]  # fmt: skip


def test_the_extras_bring_learning_and_charts(run: Run) -> None:
    told = run((SCRIPTS / "extras.py").read_text(), extras=frozenset({"models", "chart"}))
    assert told.splitlines() == ["risk", "uplift", "chart"]


def test_the_tutorial_runs_with_the_wheel_and_its_charts_alone(run: Run) -> None:
    cells = json.loads((PACKAGE / "docs" / "tutorial.ipynb").read_text())["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    alone = "print(sorted({'django', 'regulars'} & {name.partition('.')[0] for name in sys.modules}))"
    assert run(f"{code}\nimport sys\n{alone}", extras=frozenset({"chart"})).splitlines()[-1] == "[]"


def _declared(site: Path, extras: frozenset[str]) -> Iterator[PathDistribution]:
    """Every distribution the wheel's own metadata ask for, and those they ask for in turn."""
    (metadata,) = site.glob("tenure-*.dist-info")
    waiting = [(PathDistribution(metadata), extras)]
    seen = {("tenure", extras)}
    while waiting:
        asking, wanted = waiting.pop()
        for line in asking.requires or []:
            needed = Requirement(line)
            chosen = (needed.name.lower(), frozenset(needed.extras))
            if chosen in seen or not _is_asked_for(needed, wanted):
                continue
            seen.add(chosen)
            try:
                found = distribution(needed.name)
            except PackageNotFoundError:
                pytest.skip(f"{needed.name} is declared and not installed here")
            assert isinstance(found, PathDistribution)
            waiting.append((found, frozenset(needed.extras)))
            yield found


def _lend_compiled(site: Path, kernels: Path) -> None:
    """Loops that were compiled from these very sources serve the installed ones too: nothing is compiled twice.

    Numba knows compiled loops by the path of their source, its size and when it was written.
    """
    lender = Path(os.environ.get("NUMBA_CACHE_DIR", ""))
    if not lender.is_absolute():
        return
    for source in (PACKAGE / "src").rglob("*.py"):
        installed = site / source.relative_to(PACKAGE / "src")
        if installed.read_bytes() != source.read_bytes():
            continue
        os.utime(installed, ns=(source.stat().st_atime_ns, source.stat().st_mtime_ns))
        theirs, ours = (where / _CacheLocator.get_suitable_cache_subpath(str(file))
                        for where, file in ((lender, source), (kernels, installed)))  # fmt: skip
        for compiled in theirs.glob(f"{source.stem}.*") if theirs.is_dir() else ():
            ours.mkdir(exist_ok=True)
            shutil.copy(compiled, ours)


def _is_asked_for(needed: Requirement, extras: frozenset[str]) -> bool:
    return needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras | {""})


def _link(distributions: Iterator[PathDistribution], folder: Path) -> None:
    for found in distributions:
        for top in {file.parts[0] for file in found.files or [] if file.parts[0] not in ("..", "__pycache__")}:
            if not (folder / top).exists():
                (folder / top).symlink_to(found.locate_file(top))
