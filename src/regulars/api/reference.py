"""Writes docs/reference/api.md from the description of the interface: `python -m regulars.api.reference`."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "reference" / "api.md"
TOP: Final = Path(__file__).resolve().parent / "reference_top.md"
HEADERS: Final = frozenset({"Idempotency-Key", "If-None-Match", "If-Match"})  # said once, at the top


def written() -> str:
    """The whole page: what holds for all calls, then each call, then how everything looks."""
    from regulars.api.rest.urls import api

    described = api.get_openapi_schema()
    return "".join((TOP.read_text("utf-8"), *_calls(described), *_shapes(described)))


def _calls(described: dict[str, Any]) -> Iterator[str]:
    for tag in described["tags"]:
        yield f"\n## {tag['name'].capitalize()}\n\n{tag['description']}\n"
        for place, methods in described["paths"].items():
            for method, call in methods.items():
                if tag["name"] in call["tags"]:
                    yield from _call(place, method, call)


def _call(place: str, method: str, call: dict[str, Any]) -> Iterator[str]:
    yield f"\n### {call['operationId']}\n\n`{method.upper()} {place}` – {call['summary']}\n"
    yield f"\n{call['description']} Scopes: {_listed(call['security'][0]['key'])}.\n"
    given = [one for one in call["parameters"] if one["name"] not in HEADERS]
    if given:
        yield "\n"
    for one in given:
        needed = ", needed" if one["required"] and one["in"] != "path" else ""
        yield f"- `{one['name']}` ({one['in']}, {_type(one['schema'])}{needed}): {one['description']}\n"
    yield from _sent(call)
    yield from _answered(call)


def _sent(call: dict[str, Any]) -> Iterator[str]:
    content = call.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        yield f"\nSend {_type(content['application/json']['schema'])}.\n"
    elif content:
        yield "\nSend the bytes.\n"


def _answered(call: dict[str, Any]) -> Iterator[str]:
    for status, answer in call["responses"].items():
        if status.startswith("2"):
            content = answer.get("content", {})
            shown = content.get("application/json", {}).get("schema")
            what = _type(shown) if shown else next(iter(content), "nothing")
            yield f"\nAnswers {status}: {what}."
    refused = [status for status in call["responses"] if status[0] in "45" and status not in ("401", "429", "500")]
    yield f" Refusals of its own: {', '.join(refused)}.\n"


def _shapes(described: dict[str, Any]) -> Iterator[str]:
    yield "\n## Shapes\n\nWhat is marked *needed* must be sent; in answers every field is there.\n"
    for name, schema in sorted(described["components"]["schemas"].items()):
        if not name.startswith("Page_"):
            yield from _shape(name, schema)


def _shape(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"\n### {name}\n\n{schema['description']}\n\n"
    for field, what in schema["properties"].items():
        needed = ", needed" if field in schema.get("required", ()) else ""
        says = f": {what['description']}" if "description" in what else ""
        yield f"- `{field}` ({_type(what)}{needed}){says}\n"
    for example in schema.get("examples", ()):
        yield f"\n```json\n{json.dumps(example, ensure_ascii=False, indent=2)}\n```\n"


def _type(schema: dict[str, Any]) -> str:
    """What a value is, in a few words, with a way to a shape of its own."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        inner = name.removeprefix("Page_").rstrip("_")
        return f"a page of [{inner}](#{inner.lower()})" if name.startswith("Page_") else f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return _listed(schema["enum"], last="or")
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return {"date-time": "moment", "date": "day"}.get(schema.get("format", "")) or str(schema.get("type", "anything"))


def _listed(words: list[str], *, last: str = "and") -> str:
    quoted = [f"`{word}`" for word in words]
    return f" {last} ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
    django.setup()
    PAGE.write_text(written(), "utf-8")
