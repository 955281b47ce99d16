"""What is noted about a conversation, beside it: its fields, filled in where they stand, and other details."""

import json
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from regulars.desk import field_values
from regulars.desk.actions import fields as writing
from regulars.desk.selectors import fields, threads
from regulars.desk.selectors.threads import Conversation
from regulars.kernel.errors import DomainError
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest

TYPES: Final = {"number": "number", "date": "date", "link": "url"}  # of inputs; the others are lines of text


@dataclass(frozen=True, slots=True)
class Line:
    """One field as it is drawn: its control with what is in it, or with what was typed and refused."""

    line: fields.Line
    text: str
    refusal: str = ""

    @property
    def definition(self) -> Any:
        return self.line.definition

    @property
    def type(self) -> str:
        return TYPES.get(self.definition.kind, "text")

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen, and what is chosen although it is offered no more."""
        rows = self.definition
        return [(key, label) for key, label in rows.labels.items() if key in rows.offered or key in self.chosen]

    @property
    def chosen(self) -> list[str]:
        return [part.strip() for part in self.text.split(",")] if self.definition.kind == "choices" else [self.text]

    @property
    def is_missing(self) -> bool:
        return self.definition.is_required and not self.line.is_filled

    @property
    def odd(self) -> str:
        """What lies there and is not of the field's kind, as it is."""
        return "" if self.line.fits else self.line.text

    @property
    def link(self) -> str:
        """Where a link leads; only what was checked is followed."""
        is_link = self.definition.kind == "link" and self.line.is_filled and self.line.fits
        return self.line.text if is_link else ""


def context(found: Conversation) -> dict[str, Any]:
    """What the panel needs: one query."""
    panel = fields.noted(found, fields.defined())
    lines = [Line(line, line.text if line.fits else "") for line in panel.lines]
    return {"noted": lines, "other_details": [(name, field_values.text_of(value)) for name, value in panel.others]}


@require_POST
@requires("answer")
def write(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Fill in a field, or empty it; the line comes back as it stands, or as it was typed with the reason."""
    name, given = request.POST.get("field", ""), request.POST.getlist("value")
    defined = fields.defined()
    row = next((row for row in defined if row.key == name), None)
    value = [each for each in given if each] if row is not None and row.kind == "choices" else "".join(given[-1:])
    try:
        held = writing.write(pk, name, value, by=request.actor)
    except DomainError as refusal:
        if not request.htmx or row is None:
            raise
        found = threads.shown(pk, by=request.actor)
        typed = Line(fields.Line(row, found.fields.get(name)), field_values.text_of(value), str(refusal))
        return render(request, "desk/field_line.html", {"conversation": found, "line": typed}, status=refusal.status)
    if not request.htmx or row is None:
        return redirect("desk:conversation", held.pk)
    line = fields.Line(row, held.fields.get(name))
    answer: HttpResponse = render(
        request, "desk/field_line.html", {"conversation": held, "line": Line(line, line.text), "is_kept": True}
    )
    answer["HX-Trigger"] = json.dumps({"conversation-changed": {"id": held.pk, "status": held.status}})
    return answer
