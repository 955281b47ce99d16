"""What browsers are given, put together from the small files it is written in.

`web/house.css` is every file under `static/web/css`, `web/house.js` every file under
`static/web/elements` (each a block of its own, so that their names do not meet; hence none may import
or export), `web/charts.js` the chart library out of the vl-convert package. None is ever committed: a
finder makes them where Django looks for static files.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from regulars.web import charts

SOURCES = Path(__file__).parent / "static" / "web"
LAYERS = "@layer reset, base, components, modules, utilities;\n"


def house_css() -> str:
    """Every style sheet of the house; the layers decide, so the order of the files does not."""
    return LAYERS + "".join(path.read_text() for path in sorted(SOURCES.glob("css/**/*.css")))


def house_js() -> str:
    """Every custom element of the house, as one module."""
    return "".join(f"{{\n{path.read_text()}}}\n" for path in sorted(SOURCES.glob("elements/*.js")))


class BuiltFinder(BaseFinder):
    """Finds the files that are put together, and puts them together when their sources have changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(settings.DATA) / "built"
        self.storage = FileSystemStorage(self.folder)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        built = str(self._build(path)) if path in _BUILDERS else ""
        if find_all:
            return [built] if built else []
        return built

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Any]]:  # type: ignore[override]  # its base says less than it means
        for path in _BUILDERS:
            self._build(path)
            yield path, self.storage

    def _build(self, path: str) -> Path:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        _BUILDERS[path](target)
        return target


def _write_if_changed(target: Path, text: str) -> None:
    if not target.exists() or target.read_text() != text:
        fresh = target.with_suffix(f".{hashlib.sha256(text.encode()).hexdigest()[:8]}.new")
        fresh.write_text(text)
        fresh.replace(target)


_BUILDERS = {
    "web/house.css": lambda target: _write_if_changed(target, house_css()),
    "web/house.js": lambda target: _write_if_changed(target, house_js()),
    "web/charts.js": charts.write_bundle,
}


class HouseStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed files once they are collected; plain ones before (tests, development)."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return super().stored_name(name)
        except ValueError:
            return name
