"""The description of the API: whole, valid, and true of what the API answers."""

from typing import Any

from django.test import Client
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from regulars.accounts.actions.keys import SCOPES
from regulars.api.rest.description import SCOPES as DESCRIBED_SCOPES

METHODS = ("get", "post", "put", "patch", "delete")


def calls(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(place, method, methods[method]) for place, methods in described["paths"].items() for method in methods]


def validator(described: dict[str, Any], name: str) -> Draft202012Validator:
    whole = Resource.from_contents({"$schema": "https://json-schema.org/draft/2020-12/schema", **described})
    registry = Registry().with_resource("urn:regulars", whole)
    return Draft202012Validator({"$ref": f"urn:regulars#/components/schemas/{name}"}, registry=registry)


def test_it_is_served_to_whoever_asks(client: Client, described: dict[str, Any]) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.json()["openapi"]) == (200, "3.1.0")
    assert answer.json() == described


def test_every_schema_is_a_schema_and_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    for name, schema in described["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert schema.get("description"), name
    for reference in references(described):
        part: Any = described
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [each for value in part.values() for each in references(value)]
    return [each for value in part for each in references(value)] if isinstance(part, list) else []


def test_every_example_is_one(described: dict[str, Any]) -> None:
    shown = {name: schema for name, schema in described["components"]["schemas"].items() if "examples" in schema}
    assert len(shown) > 30
    for name, schema in shown.items():
        for example in schema["examples"]:
            assert list(validator(described, name).iter_errors(example)) == [], name


def test_every_call_has_a_name_of_its_own_words_scopes_refusals_and_an_example(described: dict[str, Any]) -> None:
    names = [call["operationId"] for _, _, call in calls(described)]
    assert len(names) == len(set(names)) == len(calls(described))
    for place, method, call in calls(described):
        group, _, verb = call["operationId"].partition(".")
        assert group.isidentifier() and verb.isidentifier(), place
        assert call["summary"].endswith("."), place
        (security,) = call["security"]
        assert ("read" if method == "get" else "write") in security["key"], place
        assert {"401", "403", "429", "500"} <= call["responses"].keys(), place
        sent = call.get("requestBody", {}).get("content", {}).get("application/json")
        if sent:
            name = sent["schema"]["$ref"].rpartition("/")[2]
            assert described["components"]["schemas"][name]["examples"], place


def test_every_place_names_its_parameters(described: dict[str, Any]) -> None:
    for place, method, call in calls(described):
        named = {one["name"] for one in call["parameters"] if one["in"] == "path"}
        assert named == {part[1:-1] for part in place.split("/") if part.startswith("{")}, (place, method)
        assert all(one.get("schema") for one in call["parameters"])


def test_every_post_may_be_repeated_and_every_list_goes_on(described: dict[str, Any]) -> None:
    for place, method, call in calls(described):
        parameters = {one["name"] for one in call["parameters"]}
        assert ("Idempotency-Key" in parameters) == (method == "post"), place
        shown = call["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if "/Page_" in shown.get("$ref", ""):
            assert {"cursor", "limit"} <= parameters, place


def test_every_scope_is_described() -> None:
    assert set(DESCRIBED_SCOPES) == set(SCOPES)
