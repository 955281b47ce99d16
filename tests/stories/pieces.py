"""One page with every leaf piece of the design system, for looking at and for axe."""

from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path

from regulars.kernel import clock
from regulars.kernel.errors import NotAllowed
from regulars.kernel.money import Money

TEMPLATE = Path(__file__).with_suffix(".html")

SPEC: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "width": "container",
    "height": 220,
    "data": {"values": [{"month": month, "rate": 0.37 - 0.01 * month} for month in range(1, 12)]},
    "mark": {"type": "line", "color": "var(--color-classic)", "tooltip": True},
    "encoding": {
        "x": {"field": "month", "type": "quantitative", "title": "Months"},
        "y": {"field": "rate", "type": "quantitative", "axis": {"format": "%"}},
    },
}


class Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As colleagues read it.")
    zone = forms.ChoiceField(label="Time zone", choices=[("UTC", "UTC"), ("Europe/Berlin", "Europe/Berlin")])
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    is_public = forms.BooleanField(label="Browser key", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Classic"), ("b", "Rolling")], widget=forms.RadioSelect)


def show(request: HttpRequest) -> HttpResponse:
    form = Form({"name": "", "kind": "a", "zone": "UTC"})
    messages.success(request, "Saved. 1,200 customers are new.")
    names = ("Ada Moreno", "Musa Traoré", "Chidi Okafor")
    context = {"form": form, "names": names, "revenue": Money(120450, "EUR"), "earlier": clock.now()}
    return HttpResponse(engines["django"].from_string(TEMPLATE.read_text()).render(context, request))


def refused(request: HttpRequest) -> HttpResponse:
    raise NotAllowed


def told(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Ada was told.")
    return HttpResponse("")


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


urlpatterns = [
    path("pieces/", show),
    path("spec.json", lambda request: JsonResponse(SPEC)),
    path("refused/", refused),
    path("told/", told),
    path("broken/", broken),
    path("gone/", lambda request: HttpResponse("<h1>Gone</h1>")),
    path("", include("regulars.urls")),
]
