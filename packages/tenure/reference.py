"""Writes docs/reference.md from the docstrings: `python packages/tenure/reference.py`. Not part of the wheel."""

from __future__ import annotations

import dataclasses
import inspect
import re
import textwrap
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

PAGE: Final = Path(__file__).resolve().parent / "docs" / "reference.md"
AREAS: Final = ("", "survival", "lifecycle", "revenue", "value", "risk", "effect", "engines", "datasets", "charts")
ERRORS: Final = (
    "errors", "survival.errors", "lifecycle.errors", "revenue.errors", "value.errors", "risk.errors", "effect.errors",
    "effect.observed_errors", "engines.errors",
)  # fmt: skip
_TOP: Final = """# Reference

Every public name with its signature and what it says of itself, written from the code by
`packages/tenure/reference.py`. What the numbers mean, with source and test, is in [definitions](definitions.md); a page
for each question is in the [list of pages](README.md).
"""


def written() -> str:
    """The whole page."""
    return _TOP + "".join(_area(name) for name in AREAS) + _errors()


def _area(name: str) -> str:
    area = import_module(f"tenure.{name}".rstrip("."))
    title, _, rest = (inspect.getdoc(area) or "").partition("\n")
    said = [f"\n## {area.__name__}\n{title}\n"]
    if rest.strip():
        said.append(f"\n{_as_text(rest)}\n")
    said += [_entry(area.__name__, shown, getattr(area, shown)) for shown in sorted(_offered(area), key=_place)]
    return "".join(said)


def _offered(area: Any) -> list[str]:
    if hasattr(area, "__all__"):
        return list(area.__all__)
    return [
        name for name, value in vars(area).items()
        if not name.startswith("_") and inspect.isfunction(value) and value.__module__ == area.__name__
    ]  # fmt: skip


def _place(name: str) -> tuple[int, str]:
    """What one calls first, then what comes out of it, then constants."""
    return (2 if name.isupper() else 1 if name[0].isupper() else 0, name.lower())


def _entry(area: str, name: str, value: Any) -> str:
    heading = f"\n### {area}.{name}\n"
    if inspect.isclass(value):
        return heading + _class(name, value)
    if callable(value):
        return f"{heading}```\n{_call(name, value)}\n```\n{_as_text(inspect.getdoc(value) or '')}\n"
    return f"{heading}`{_stable(value)}`\n"


def _class(name: str, value: type) -> str:
    said = f"{_as_text(_own_words(value))}\n"
    if dataclasses.is_dataclass(value):
        shown = [field for field in dataclasses.fields(value) if not field.name.startswith("_")]
        fields = ", ".join(f"`{field.name}: {field.type}`" for field in shown)
        said += f"\nHolds {fields}.\n" if fields else ""
    lines = [_member(member, found) for member, found in _members(value)]
    return said + ("\n" + "".join(lines) if lines else "")


def _own_words(value: type) -> str:
    """The docstring; the signature that dataclasses put in its place is no words."""
    words = inspect.getdoc(value) or ""
    return "" if words.startswith(f"{value.__name__}(") else words


def _members(value: type) -> Iterator[tuple[str, Any]]:
    """Public methods and properties of tenure's own classes, by name."""
    for name in sorted(name for name in dir(value) if not name.startswith("_")):
        found = inspect.getattr_static(value, name)
        bare = found.__func__ if isinstance(found, (staticmethod, classmethod)) else found
        if isinstance(found, property) or (inspect.isfunction(bare) and bare.__module__.startswith("tenure")):
            yield name, found


def _member(name: str, found: Any) -> str:
    bare = found.__func__ if isinstance(found, (staticmethod, classmethod)) else found
    words = inspect.getdoc(bare) or ""
    first = " ".join(words.split("\n\n")[0].split())
    call = f"`.{name}`" if isinstance(found, property) else f"`.{_on_one_line(name, bare)}`"
    return f"- {call}: {first}\n" if first else f"- {call}\n"


def _call(name: str, function: Any) -> str:
    """The signature, one argument to a line where it is long."""
    line = _on_one_line(name, function)
    if len(line) <= 110:
        return line
    signature = inspect.signature(function)
    bare = [str(part) for part in signature.replace(return_annotation=inspect.Signature.empty).parameters.values()]
    kinds = [part.kind for part in signature.parameters.values()]
    if inspect.Parameter.KEYWORD_ONLY in kinds:
        bare.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    answer = line.rpartition(") -> ")[2] if ") -> " in line else ""
    inside = "".join(f"    {_stable_text(part)},\n" for part in bare)
    return f"{name}(\n{inside})" + (f" -> {answer}" if answer else "")


def _on_one_line(name: str, function: Any) -> str:
    signature = inspect.signature(function)
    kept = [part for part in signature.parameters.values() if part.name not in ("self", "cls")]
    return _stable_text(f"{name}{signature.replace(parameters=kept)}")


def _stable_text(text: str) -> str:
    """Without the quotes of postponed annotations and the addresses of objects."""
    return re.sub(r"<function (\w+) at 0x\w+>", r"\1", re.sub(r"(: |-> )'([^']*)'", r"\1\2", text))


def _stable(value: Any) -> str:
    return _stable_text(repr(value))


def _as_text(words: str) -> str:
    """Docstrings as Markdown: indented examples become code."""
    blocks = textwrap.dedent(words).strip("\n").split("\n\n")
    return "\n\n".join(
        f"```python\n{textwrap.dedent(block)}\n```" if block.startswith("    ") else block for block in blocks
    )


def _errors() -> str:
    """Every refusal by name, with the sentence it says."""
    said = ["\n## Refusals\nEach is a `tenure.TenureError`. Words in braces are filled in.\n"]
    for module in ERRORS:
        found = import_module(f"tenure.{module}")
        own = [
            (name, value) for name, value in vars(found).items()
            if inspect.isclass(value) and issubclass(value, Exception) and value.__module__ == found.__name__
        ]  # fmt: skip
        lines = [f"- `{name}`: {' '.join((inspect.getdoc(value) or '').split())}\n" for name, value in own]
        said += [f"\n### {found.__name__}\n", *lines]
    return "".join(said)


if __name__ == "__main__":
    PAGE.write_text(written(), "utf-8")
