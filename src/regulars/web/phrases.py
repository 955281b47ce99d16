"""Every phrase the product says, read out of its code and templates: `python -m regulars.web.phrases`.

It brings the catalogues up to date: new phrases come in untranslated, old ones go, the rest stays as it was said.
The sentences of refusals are the docstrings of `DomainError` and its kinds, which gettext's own tools do not see.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

from regulars.kernel import catalogues
from regulars.kernel.catalogues import Phrase

SOURCE = Path(__file__).parents[1]
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
COUNTED = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
_CALL = re.compile(r"\b(n?p?gettext|_)\(\s*((?:u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*,?\s*)+)", re.DOTALL)


def phrases(source: Path = SOURCE) -> list[Phrase]:
    """Every phrase once, with the files that say it, in the order of the files."""
    found: dict[tuple[str, str], Phrase] = {}
    for path in _files(source):
        read = _of_template if path.suffix in (".html", ".txt") else _of_code
        for phrase in read(path):
            known = found.setdefault(phrase.key, phrase)
            known.plural = known.plural or phrase.plural
            if (place := path.relative_to(source).as_posix()) not in known.places:
                known.places.append(place)
    for place, text in _refusals(source):
        found.setdefault(("", text), Phrase(text)).places.append(place)
    return list(found.values())


def _files(source: Path) -> list[Path]:
    code = [path for path in source.rglob("*.py") if "migrations" not in path.parts]
    return sorted([*code, *source.glob("*/templates/**/*.html"), *source.glob("*/templates/**/*.txt")])


def _of_template(path: Path) -> Iterator[Phrase]:
    """Django turns a template into something like code, of which only the calls matter."""
    for name, given in _CALL.findall(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        yield _phrase(name, list(ast.literal_eval(f"({given.rstrip().rstrip(',')},)")))


def _of_code(path: Path) -> Iterator[Phrase]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if name in PLAIN | COUNTED | IN_CONTEXT and given:
                yield _phrase(name, given)


def _phrase(name: str, given: list[str]) -> Phrase:
    if name in COUNTED:
        return Phrase(given[0], plural=given[1])
    if name in IN_CONTEXT:
        return Phrase(given[1], context=given[0])
    return Phrase(given[0])


def _refusals(source: Path) -> Iterator[tuple[str, str]]:
    """The docstrings of every class that is, through whichever others, a DomainError."""
    classes = [(path, node) for path in _files(source) if path.suffix == ".py" for node in _classes(path)]
    kinds = {"DomainError"}
    while more := {node.name for _path, node in classes if kinds & _bases(node)} - kinds:
        kinds |= more
    for path, node in classes:
        text = (ast.get_docstring(node, clean=False) or "").strip()
        if text and (_bases(node) & kinds or node.name == "DomainError"):
            yield path.relative_to(source).as_posix(), text


def _classes(path: Path) -> Iterator[ast.ClassDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            yield node


def _bases(node: ast.ClassDef) -> set[str]:
    return {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases}


def renew(language: str) -> tuple[int, int]:
    """Bring one catalogue up to date; how many phrases there are, and how many it does not say yet."""
    path = catalogues.path_of(language)
    said = catalogues.read(path) if path.exists() else {}
    now = phrases()
    for phrase in now:
        before = said.get(phrase.key)
        if before and bool(before.plural) == bool(phrase.plural):
            phrase.said = before.said
    catalogues.write(path, now, language=language)
    return len(now), sum(not phrase.is_said for phrase in now)


if __name__ == "__main__":
    settings.configure()
    for language in sys.argv[1:] or catalogues.languages():
        count, missing = renew(language)
        print(f"{language}: {count} phrases, {missing} not said yet")  # noqa: T201
