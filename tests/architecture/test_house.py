"""The house stands as it was drawn: calls go down, and nothing about a customer is out of erasure's reach."""

import ast
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from regulars.customers.models import Customer
from regulars.kernel import people
from regulars.kernel.fact_names import PRODUCT_FACTS
from tests.conftest import REPOSITORY

SOURCE = REPOSITORY / "src" / "regulars"
# From the lowest floor to the highest. Django's own and allauth's tables stand under all of them.
FLOORS = ["kernel", "accounts", "customers", "channels", "desk", "insights", "web"]

# Models that name a customer and need no keeper, with the reason.
NOT_KEPT = {
    "customers.Erasure": "it keeps numbers only, so that an erasure can be finished and not begun twice",
}


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in FLOORS]


def test_foreign_keys_point_down_or_stay_on_their_floor() -> None:
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in ours()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField) and not field.auto_created
        if field.related_model._meta.app_label in FLOORS
        and FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(model._meta.app_label)
    ]
    assert upward == []


def test_every_model_with_a_customer_has_a_keeper() -> None:
    kept = {label for keeper in people.keepers() for label in keeper.models}
    forgotten = {model._meta.label for model in ours() if names_customer(model)} - kept - NOT_KEPT.keys()
    assert forgotten == set(), "register these in the people.py of their context"


def names_customer(model: type[models.Model]) -> bool:
    columns = {field.column for field in model._meta.concrete_fields}
    points = any(field.related_model is Customer for field in model._meta.concrete_fields)
    return model is Customer or points or bool(columns & {"customer_id", "customer_ids", "visitor_id", "kept_id"})


def test_keepers_answer_only_for_models_there_are() -> None:
    there = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert {label for keeper in people.keepers() for label in keeper.models} - there == set()


def test_the_log_and_the_queue_are_the_last_to_be_erased() -> None:
    assert [keeper.name for keeper in people.keepers()][:2] == ["facts", "jobs"]


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_calls_go_down() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    if not Path(command[0]).exists():
        pytest.skip("import-linter is not installed; run make lint, which installs it")
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


def test_every_product_fact_is_documented_with_its_properties() -> None:
    documented = documented_facts()
    assert documented == {name: (fact.sentence, fact.properties) for name, fact in PRODUCT_FACTS.items()}


def documented_facts() -> dict[str, tuple[str, dict[str, str]]]:
    """What docs/reference/facts.md says: a heading, a sentence, and a line for each property."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    text = (REPOSITORY / "docs" / "reference" / "facts.md").read_text()
    for section in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        name = heading.strip().strip("`")
        lines = [line.strip() for line in body.splitlines() if line.strip()]
        properties = dict(re.findall(r"^- `(.+?)`: (.+)$", body, flags=re.MULTILINE))
        if name == name.lower():
            found[name] = (lines[0], properties)
    return found


def test_product_facts_are_recorded_by_their_constants() -> None:
    """A name spelled out in the code would escape a rename and the documentation."""
    spelled = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in SOURCE.rglob("*.py")
        if path.name != "fact_names.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record"
        if node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value in PRODUCT_FACTS
    ]
    assert spelled == []


# What stands between tags and tags of the template language, in templates of pages. Names of the
# product and of formats are the same in every language.
SAME_EVERYWHERE = {"regulars", "Regulars", "CSV", "SVG", "PNG", "JSON"}


def templates() -> list[Path]:
    return sorted((SOURCE / "web" / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(SOURCE / "web" / "templates")))
def test_templates_have_no_untranslated_text(path: Path) -> None:
    text = path.read_text()
    for what in (
        r"{%\s*comment.*?endcomment\s*%}|{#.*?#}",
        r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}",
        r"{%\s*block \w+_(?:class|attributes|attrs)\s*%}.*?{%\s*endblock\s*%}",
        r"{%.*?%}|{{.*?}}",
        r"</?\s[^>]*>",  # an element whose name the template chooses
    ):
        text = re.sub(what, " ", text, flags=re.DOTALL)
    reader = Spoken()
    reader.feed(text)
    words = {word for said in reader.said for word in re.findall(r"[^\W\d_]{2,}", said)}
    assert words - SAME_EVERYWHERE == set()


class Spoken(HTMLParser):
    """What a page says: its text, and the attributes that are read out."""

    SILENT = frozenset({"script", "style", "code", "pre", "kbd"})

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        self.said += [value or "" for name, value in attrs if name in ("placeholder", "title", "alt", "aria-label")]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)
