"""Writes shapes.py, calls.py and async_calls.py from the description of the API.

`python packages/client/generate.py [--check]`

Not part of the wheel. Shapes become frozen structs, calls become methods of one class for each tag; an
`operationId` is the tag and the name of the method.
"""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

PACKAGE: Final = Path(__file__).resolve().parent / "src" / "regulars_client"
WIDTH: Final = 110
TOP: Final = '''"""{title} Written by `packages/client/generate.py` from the description of the API; do not edit."""

# pyright: strict

'''
SHAPES_TOP: Final = """from datetime import date, datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType
"""
CALLS_TOP: Final = """from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from msgspec import UNSET

from regulars_client import shapes
from regulars_client.core import Core, Unset, path_of, said


class Group:
    \"\"\"The calls about one kind of thing.\"\"\"

    def __init__(self, core: Core) -> None:
        self._core: Core = core
"""
# What the twin for `await` says instead.
ASYNC: Final = {
    "Iterator, Mapping": "AsyncIterator, Mapping",
    "from regulars_client.core import Core, Unset, path_of, said": (
        "from regulars_client.async_core import AsyncCore\nfrom regulars_client.core import Unset, path_of, said"
    ),
    "core: Core": "core: AsyncCore",
    "self._core: Core": "self._core: AsyncCore",
}
SKIPPED: Final = frozenset({"Problem", "Wrong"})  # what errors are made of


def written(described: dict[str, Any]) -> dict[str, str]:
    """Both files by their names."""
    schemas, calls = described["components"]["schemas"], list(_calls(described))
    answered = {name for _, _, call in calls for name in _names(_answer(call))}
    whole = {_reference(schema) for _, _, call in calls if (schema := _answer(call)) and not _is_page(schema)}
    sent = {_reference(schema) for _, _, call in calls if (schema := _body(call))}
    shown = _within(answered, schemas)
    given = _within({name for body in sent for name in _names(schemas[body])}, schemas) - shown
    shapes = [
        _shape(name, schemas[name], is_given=name in given, is_tagged=name in whole)
        for name in _in_order(shown | given, schemas)
    ]
    groups = [_group(tag, described, calls, wait="") for tag in described["tags"]]
    waiting = [_group(tag, described, calls, wait="await ") for tag in described["tags"]]
    twin = CALLS_TOP + "".join(waiting) + _all(waiting, described, calls)
    for said, instead in ASYNC.items():
        twin = twin.replace(said, instead)
    return {
        "async_calls.py": TOP.format(title="Every call, for `await`.") + twin,
        "shapes.py": TOP.format(title="How things look.") + SHAPES_TOP + "".join(shapes),
        "calls.py": TOP.format(title="Every call.") + CALLS_TOP + "".join(groups) + _all(groups, described, calls),
    }


def _calls(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for place, methods in described["paths"].items():
        for method, call in methods.items():
            yield place, method.upper(), call


# Shapes


def _shape(name: str, schema: dict[str, Any], *, is_given: bool, is_tagged: bool) -> str:
    lines = [f"\n\nclass {name}(Struct, frozen=True, kw_only=True):", _doc(schema["description"], 4), ""]
    required = schema.get("required", ())
    for field, what in schema["properties"].items():
        kind = _type(what, is_given=is_given)
        lines.append(f"    {field}: {kind}" if field in required or not is_given else _left_out(field, kind))
    if is_tagged:
        lines.append('    etag: str = ""')
    return "\n".join(lines) + "\n"


def _left_out(field: str, kind: str) -> str:
    return f"    {field}: {_or(kind, 'UnsetType')} = UNSET"


def _or(kind: str, other: str) -> str:
    """A type or another; None stands last."""
    return f"{kind.removesuffix(' | None')} | {other} | None" if kind.endswith(" | None") else f"{kind} | {other}"


def _in_order(names: set[str], schemas: dict[str, Any]) -> list[str]:
    """By name, but what others are made of before them."""
    found: dict[str, None] = {}

    def put(name: str) -> None:
        for inner in sorted(_names(schemas[name]) & names - {name}):
            put(inner)
        found.setdefault(name)

    for name in sorted(names):
        put(name)
    return list(found)


def _within(names: set[str], schemas: dict[str, Any]) -> set[str]:
    """These and all they are made of."""
    found: set[str] = set()
    while names:
        found |= names
        names = {inner for name in names for inner in _names(schemas[name])} - found - SKIPPED
    return {name for name in found if not name.startswith("Page_")}


def _names(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {_reference(part)} if "$ref" in part else set()
        return own.union(*(_names(value) for name, value in part.items() if name != "examples"))
    return set().union(*(_names(value) for value in part)) if isinstance(part, list) else set()


def _type(schema: dict[str, Any], *, is_given: bool, prefix: str = "") -> str:
    """A type of Python. What is given is held to the words that are known; what is answered may grow new ones."""
    if "$ref" in schema:
        return prefix + _reference(schema)
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(each, is_given=is_given, prefix=prefix) for each in schema["anyOf"]))
    if "enum" in schema and is_given and prefix:
        return f"Literal[{', '.join(repr(word).replace(chr(39), chr(34)) for word in schema['enum'])}]"
    if schema.get("type") == "array":
        holds = _type(schema["items"], is_given=is_given, prefix=prefix)
        return f"Sequence[{holds}]" if is_given and prefix else f"list[{holds}]"
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        holds = _type(inner, is_given=is_given, prefix=prefix) if isinstance(inner, dict) and inner else "Any"
        return f"Mapping[str, {holds}]" if is_given and prefix else f"dict[str, {holds}]"
    by_format = {"date-time": "datetime", "date": "date"}.get(schema.get("format", ""))
    by_type = {"integer": "int", "number": "float", "string": "str", "boolean": "bool", "null": "None"}
    return by_format or by_type.get(schema.get("type", ""), "Any")


# Calls


def _group(
    tag: dict[str, Any], described: dict[str, Any], calls: list[tuple[str, str, dict[str, Any]]], *, wait: str
) -> str:
    """One class for each beginning of an operationId under this tag."""
    groups = dict.fromkeys(call["operationId"].partition(".")[0] for _, _, call in calls if tag["name"] in call["tags"])
    return "".join(_class(name, tag, described, calls, wait=wait) for name in groups)


def _class(
    name: str, tag: dict[str, Any], described: dict[str, Any], calls: list[tuple[str, str, dict[str, Any]]],
    *, wait: str,
) -> str:  # fmt: skip
    own = [each for each in calls if each[2]["operationId"].partition(".")[0] == name]
    said = tag["description"] if name == tag["name"] else f"What there is to know of {name}."
    methods = "".join(_method(described, *each, wait=wait) for each in own)
    return f'\n\nclass {name.capitalize()}(Group):\n    """{said}"""\n{methods}'


def _method(described: dict[str, Any], place: str, method: str, call: dict[str, Any], *, wait: str) -> str:
    name = call["operationId"].partition(".")[2]
    inside = [one for one in call["parameters"] if one["in"] == "path"]
    schema = _answer(call)
    pages = bool(schema) and _is_page(schema)  # those go on by themselves
    query = [one for one in call["parameters"] if one["in"] == "query" and not (pages and one["name"] == "cursor")]
    headers = {one["name"] for one in call["parameters"] if one["in"] == "header"}
    body, is_bytes = _fields(described, call), "*/*" in call.get("requestBody", {}).get("content", {})
    arguments = ["self", *(f"{one['name']}: {_type(one['schema'], is_given=True, prefix='shapes.')}" for one in inside)]
    if is_bytes:
        arguments.append("content: bytes")
    keywords = [*_keywords(query, body)]
    if is_bytes:
        keywords.append('content_type: str = "application/octet-stream"')
    if "If-Match" in headers:
        keywords.append("if_match: str | None = None")
    if "Idempotency-Key" in headers:
        keywords.append("idempotency_key: str | None = None")
    arguments += ["*", *keywords] if keywords else []
    answer, does = _does(place, method, call, inside, query, body, headers, is_bytes=is_bytes, wait=wait)
    is_async = wait and not answer.startswith("AsyncIterator")
    head = _one_per_line(f"    {'async ' if is_async else ''}def {name}", arguments, f" -> {answer}:")
    return f"\n{head}\n{_doc(_words(call), 8)}\n{does}\n"


def _words(call: dict[str, Any]) -> str:
    said = [line for line in call["description"].split("\n\n") if not line.startswith("A key that stands for")]
    return "\n\n".join([call["summary"], *said])


def _keywords(query: list[dict[str, Any]], body: dict[str, Any]) -> Iterator[str]:
    """What must be said first, then what may be left out."""
    may: list[str] = []
    for one in query:
        kind = _type(one["schema"], is_given=True, prefix="shapes.")
        if one["required"]:
            yield f"{one['name']}: {kind}"
        else:
            may.append(f"{_called(one)}: {kind.removesuffix(' | None')} | None = None")
    for field, what in body.get("properties", {}).items():
        kind = _type(what, is_given=True, prefix="shapes.")
        if field in body.get("required", ()):
            yield f"{field}: {kind}"
        else:
            may.append(f"{field}: {_or(kind, 'Unset')} = UNSET")
    yield from may


def _called(parameter: dict[str, Any]) -> str:
    return "page_size" if parameter["name"] == "limit" else parameter["name"]


def _does(
    place: str, method: str, call: dict[str, Any], inside: list[dict[str, Any]], query: list[dict[str, Any]],
    body: dict[str, Any], headers: set[str], *, is_bytes: bool, wait: str,
) -> tuple[str, str]:  # fmt: skip
    names = [one["name"] for one in inside]
    where = f'path_of("{place}", {", ".join(f"{each}={each}" for each in names)})' if names else f'"{place}"'
    schema = _answer(call)
    asked = "{" + ", ".join(f'"{one["name"]}": {_called(one)}' for one in query) + "}"
    if schema and _is_page(schema):
        kind = f"shapes.{_reference(schema).removeprefix('Page_').rstrip('_')}"
        return f"{'Async' if wait else ''}Iterator[{kind}]", _one_per_line(
            "        return self._core.every", [kind, where, f"query={asked}"], ""
        )
    if method == "GET" and not schema:
        return "bytes", _one_per_line(f"        return {wait}self._core.content", [where], "")
    sent = [f'"{method}"', where]
    if query:
        sent.append(f"query={asked}")
    if is_bytes:
        sent += ["body=content", "content_type=content_type"]
    elif body:
        sent.append(f"body=said({', '.join(f'{field}={field}' for field in body['properties'])})")
    sent += [f"{each}={each}" for header, each in _HEADERS.items() if header in headers]
    if not schema:
        return "None", _one_per_line(f"        {wait}self._core.send", sent, "")
    kind = f"shapes.{_reference(schema)}"
    return kind, _one_per_line(f"        return {wait}self._core.one", [kind, *sent], "")


_HEADERS: Final = {"If-Match": "if_match", "Idempotency-Key": "idempotency_key"}


def _all(groups: list[str], described: dict[str, Any], calls: list[tuple[str, str, dict[str, Any]]]) -> str:
    names = list(dict.fromkeys(call["operationId"].partition(".")[0] for _, _, call in calls))
    lines = [f"        self.{name}: {name.capitalize()} = {name.capitalize()}(core)" for name in names]
    said = "Every kind of thing there are calls about."
    return (
        f'\n\nclass Groups:\n    """{said}"""\n\n    def __init__(self, core: Core) -> None:\n'
        + "\n".join(lines)
        + "\n"
    )


def _fields(described: dict[str, Any], call: dict[str, Any]) -> dict[str, Any]:
    schema = _body(call)
    return described["components"]["schemas"][_reference(schema)] if schema else {}


def _body(call: dict[str, Any]) -> dict[str, Any]:
    return call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})


def _answer(call: dict[str, Any]) -> dict[str, Any]:
    good = next((answer for status, answer in call["responses"].items() if status.startswith("2")), {})
    return good.get("content", {}).get("application/json", {}).get("schema", {})


def _reference(schema: dict[str, Any]) -> str:
    return schema["$ref"].rpartition("/")[2]


def _is_page(schema: dict[str, Any]) -> bool:
    return _reference(schema).startswith("Page_")


def _one_per_line(head: str, parts: list[str], tail: str) -> str:
    """On one line where that is short enough, else one to a line."""
    flat = f"{head}({', '.join(parts)}){tail}"
    if len(flat) <= 120:
        return flat
    indent = " " * (len(head) - len(head.lstrip()))
    inside = "".join(f"{_broken(part, indent + '    ')},\n" for part in parts)
    return f"{head}(\n{inside}{indent}){tail}"


def _broken(part: str, indent: str) -> str:
    """One argument, its own parts one to a line where it is long."""
    flat = f"{indent}{part}"
    if len(flat) + 1 <= 120:
        return flat
    head, opening, rest = next(
        (part.partition(mark) for mark in ("said(", "path_of(", "{", "Literal[") if mark in part), (part, "", "")
    )
    inside = "".join(f"{indent}    {each},\n" for each in rest[:-1].split(", "))
    return f"{indent}{head}{opening}\n{inside}{indent}{rest[-1]}"


def _doc(words: str, indent: int) -> str:
    """A docstring of one sentence, then what surprises."""
    first, _, rest = words.partition("\n\n")
    space = " " * indent
    if len(first) > WIDTH - indent:
        first, rest = _split(first, rest, WIDTH - indent)
    if not rest:
        return f'{space}"""{first}"""'
    filled = "\n\n".join(textwrap.fill(" ".join(each.split()), WIDTH, initial_indent=space, subsequent_indent=space)
                         for each in rest.split("\n\n"))  # fmt: skip
    return f'{space}"""{first}\n\n{filled}\n{space}"""'


def _split(first: str, rest: str, width: int) -> tuple[str, str]:
    """A long first sentence goes on below."""
    lines = textwrap.wrap(first, width)
    return lines[0], "\n\n".join(filter(None, (" ".join(lines[1:]), rest)))


def described_here() -> dict[str, Any]:
    """The description of the API of this checkout."""
    import json

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
    django.setup()
    from regulars.api.rest.urls import api

    return json.loads(json.dumps(api.get_openapi_schema()))


def _there(name: str) -> str:
    place = PACKAGE / name
    return place.read_text("utf-8") if place.is_file() else ""


def main() -> int:
    """Write the files, or with `--check` say whether they are what would be written."""
    files = written(described_here())
    stale = [name for name, text in files.items() if _there(name) != text] if "--check" in sys.argv else []
    if "--check" not in sys.argv:
        for name, text in files.items():
            (PACKAGE / name).write_text(text, "utf-8")
    for name in stale:
        sys.stderr.write(f"{name} is not what generate.py writes; run it and commit the file\n")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
