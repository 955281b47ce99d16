"""The description of the interface (OpenAPI 3.1): what Ninja reads off the code, and what holds for every call."""

from collections.abc import Iterator
from typing import Any, Final, get_type_hints

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from regulars.accounts.roles import CAPABILITIES
from regulars.api.rest.doors import Door
from regulars.api.rest.shapes import Problem

PREFIX: Final = "/api/v1/"
SCHEME: Final = "key"
SCOPES: Final = {
    "read": "Read conversations, customers, figures and how the desk is set up.",
    "write": "Change them.",
    "export": "Take out everything that is kept about one customer, or, where its agent may, about all.",
    "erase": "Erase a customer for good.",
}
TAGS: Final = {
    "conversations": "One matter each between a customer and the company.",
    "messages": "What is said in a conversation: turns and notes.",
    "files": "Files of messages. Upload first, then name the id in a message.",
    "sides": "Asking somebody who is not the customer, by mail, beside a conversation. Its customer never sees it.",
    "customers": "The people the company serves.",
    "views": "Saved ways of looking at the inbox.",
    "macros": "Saved texts agents answer with.",
    "directory": "Who and what there is.",
    "setup": "Hours, targets and rules; who takes what.",
    "bulks": "One thing done in many conversations at once, and taken back. They need a key that stands for an agent.",
    "channels": "Mailboxes and web forms; mail that is held back, mail nobody could make sense of, channels that rest.",
    "exports": "Everything that is kept, in one file. They need a key with the scope export.",
    "numbers": "How the desk is doing.",
    "webhooks": "Addresses that are told what happens. They need a key with read and write.",
}
# For each refusal its status, what it is called in the document, and when it happens.
REFUSALS: Final = {
    400: ("Unreadable", "The body is no JSON."),
    401: ("NoKey", "No key came with the call, or one that was revoked."),
    403: ("NotAllowed", "The key lacks a scope, or its agent's role does not allow this. Nothing was changed."),
    404: ("NotFound", "There is nothing here, or it is not yours to see."),
    409: ("Conflict", "It cannot be done as things stand; `code` says why. Nothing was changed."),
    412: ("HasChanged", "It has changed since you read it (`If-Match`). Nothing was changed; read it again."),
    413: ("TooBig", "The call is larger than is taken in. Nothing was changed."),
    422: ("Invalid", "Something in the call cannot be used; `errors` says what. Nothing was changed."),
    429: ("TooOften", "This key calls too often. Nothing was done; wait as long as `Retry-After` says."),
    500: ("Broken", "Something broke on our side. Repeat the call with the same Idempotency-Key."),
}
PARAMETERS: Final = {
    "since": "The first day; 28 days are asked for without one.",
    "until": "The last day; today when left out.",
    "by": "What they are told apart by: agent, team, channel, priority, kind, label, customer label, or field:KEY.",
    "field": "Those in which a field of the company's own holds this: KEY=VALUE.",
    "status": "Whose turn it is.",
    "state": "How far they are.",
    "label": "Wearing this label.",
    "customer_label": "Of customers who wear this label.",
    "is_spam": "Spam, which is only ever shown alone.",
    "name": "Its name.",
    "key": "The key of the view.",
    "step": "By day, week or month.",
    "time": "In which hours times are counted.",
    "priority": "With this priority.",
    "kind": "Of this kind.",
}
# What a change of is refused by If-Match.
CHECKED: Final = frozenset({"Conversation", "Customer", "Erased", "Form", "Label", "Mailbox"})
A_PAGE: Final = "A page of a list; `next` is the `cursor` of the next one, null on the last."
_METHODS: Final = ("get", "post", "put", "patch", "delete")


class Api(NinjaAPI):
    """An interface whose description is whole."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """What Ninja says, finished."""
        described = super().get_openapi_schema(path_prefix=path_prefix or PREFIX, path_params=path_params)
        return finished(described, {one.operation_id or "": one for one in _operations(self)})


def finished(described: OpenAPISchema, operations: dict[str, Operation]) -> OpenAPISchema:
    """With the key and its scopes, the headers and the refusals of every call."""
    parts = described["components"]
    parts["schemas"] |= _schemas_of(Problem)
    parts["responses"] = {name: _refusal(status, name, when) for status, (name, when) in REFUSALS.items()}
    parts["headers"] = _HEADERS
    parts["securitySchemes"] = {SCHEME: _scheme()}
    described["tags"] = [{"name": name, "description": says} for name, says in TAGS.items()]
    described["servers"] = [{"url": "/"}]
    for name, schema in parts["schemas"].items():
        if name.startswith("Page_"):
            schema["description"] = A_PAGE
    for place, methods in described["paths"].items():
        for method in _METHODS:
            if method in methods:
                _finish(methods[method], place, method, operations[methods[method]["operationId"]])
    return described


def _finish(call: dict[str, Any], place: str, method: str, operation: Operation) -> None:
    door = _door(operation)
    call["summary"], _, rest = call.get("description", call["summary"]).partition("\n\n")
    call["security"] = [{SCHEME: list(door.needed(method.upper()))}]
    may = f"A key that stands for an agent needs their leave to {CAPABILITIES[door.capability]}."
    call["description"] = f"{rest.strip()}\n\n{may}".strip()
    for parameter in call["parameters"]:
        parameter.setdefault("description", _said_of(parameter["name"], operation))
    call["parameters"] = [*call["parameters"], *_headers_of(call, method)]
    _tag(call)
    for status in _refusals_of(call, place, method):
        call["responses"].setdefault(status, {"$ref": f"#/components/responses/{REFUSALS[status][0]}"})
    call["responses"] = {str(status): call["responses"][status] for status in sorted(call["responses"])}


def _headers_of(call: dict[str, Any], method: str) -> Iterator[dict[str, Any]]:
    if method == "post":
        yield _header("Idempotency-Key", "Made once, however often it is sent with the same key within two days.", 255)
    elif method == "get" and _answers_json(call):
        yield _header("If-None-Match", "An `ETag`: answers 304 while nothing changed.", 200)
    elif _is_checked(call):
        yield _header("If-Match", "An `ETag`: refuses with 412 when it has changed since.", 200)


def _header(name: str, says: str, longest: int) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": longest}
    return {"in": "header", "name": name, "required": False, "description": says, "schema": schema}


def _tag(call: dict[str, Any]) -> None:
    """Every answer in JSON has a tag, and what was made says where it is."""
    for status, answer in call["responses"].items():
        if "application/json" in answer.get("content", {}):
            answer.setdefault("headers", {})["ETag"] = {"$ref": "#/components/headers/ETag"}
            if status == 201:
                answer["headers"]["Location"] = {"$ref": "#/components/headers/Location"}
    if any(one["name"] == "If-None-Match" for one in call["parameters"]):
        call["responses"][304] = {"description": "Nothing changed since that `ETag`."}


def _refusals_of(call: dict[str, Any], place: str, method: str) -> Iterator[int]:
    yield from (401, 403, 429, 500)
    if "{" in place:
        yield 404
    if "requestBody" in call:
        yield from (400, 413)
    if method != "get":
        yield 409
    if "requestBody" in call or call["parameters"]:
        yield 422
    if _is_checked(call) and method in ("put", "patch", "delete"):
        yield 412


def _is_checked(call: dict[str, Any]) -> bool:
    shown = call["responses"].get(200, {}).get("content", {}).get("application/json", {}).get("schema", {})
    return shown.get("$ref", "").rpartition("/")[2] in CHECKED


def _answers_json(call: dict[str, Any]) -> bool:
    return "application/json" in call["responses"].get(200, {}).get("content", {})


def _operations(api: NinjaAPI) -> Iterator[Operation]:
    for router in api._get_bound_routers():
        for place in router.path_operations.values():
            yield from place.operations


def _said_of(name: str, operation: Operation) -> str:
    """What the code says of a parameter, which Ninja leaves out where there is a default; else whose number it is."""
    hints = get_type_hints(operation.view_func, include_extras=True)
    for note in getattr(hints.get(name), "__metadata__", ()):
        if said := getattr(note, "description", None):
            return str(said)
    if name.endswith("_id"):
        return f"The number of the {name.removesuffix('_id').replace('_', ' ')}."
    return PARAMETERS[name]


def _door(operation: Operation) -> Door:
    (door,) = operation.auth_callbacks
    assert isinstance(door, Door)
    return door


def _scheme() -> dict[str, Any]:
    says = " ".join(f"`{name}`: {what}" for name, what in SCOPES.items())
    return {
        "type": "http",
        "scheme": "bearer",
        "description": f"A key of the API, made in Settings, Keys. Its scopes: {says}",
    }


def _refusal(status: int, name: str, when: str) -> dict[str, Any]:
    example = {"type": "about:blank", "status": status, "code": _CODES[name], "detail": when}
    headers = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}} if status == 429 else {}
    shown = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {"description": when, "content": {"application/problem+json": shown}} | (
        {"headers": headers} if headers else {}
    )


def _schemas_of(shape: type[Problem]) -> dict[str, Any]:
    described = shape.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**described.pop("$defs", {}), shape.__name__: described}


_CODES: Final = {
    "Unreadable": "unreadable", "NoKey": "no-key", "NotAllowed": "only-reads", "NotFound": "no-such-conversation",
    "Conflict": "unseen-message", "HasChanged": "has-changed", "TooBig": "too-big", "Invalid": "invalid",
    "TooOften": "too-often", "Broken": "broken",
}  # fmt: skip
_HEADERS: Final = {
    "ETag": {"description": "Changes when what is shown does.", "schema": {"type": "string"}},
    "Location": {"description": "Where what was made is read.", "schema": {"type": "string"}},
    "Retry-After": {"description": "How many seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
}
