"""Choices of a form's field that are known only when it is shown."""

from collections.abc import Iterable
from typing import Any

from django import forms


def offer(form: forms.BaseForm, field: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let these be chosen."""
    _choosing(form, field).choices = [*choices]


def offered(form: forms.BaseForm, field: str) -> list[tuple[Any, Any]]:
    """What can be chosen."""
    return list(_choosing(form, field).choices)  # type: ignore[arg-type]  # made, it holds a list


def _choosing(form: forms.BaseForm, field: str) -> forms.ChoiceField:
    found = form.fields[field]
    assert isinstance(found, forms.ChoiceField), f"nothing is chosen in {field}"
    return found
