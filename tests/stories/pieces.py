"""One page with every leaf piece of the design system, for looking at and for axe."""

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

TEMPLATE = """
{% extends "shell.html" %}
{% block title %}Pieces{% endblock %}
{% block page %}
<header class="page-header"><h1>Pieces</h1>
  <nav class="tabs" aria-label="Parts"><a href="?" aria-current="page">Curves and cohorts</a><a href="?1">Survival</a></nav>
  <div class="actions">{% include "parts/downloads.html" with csv="/a.csv" svg="/a.svg" png="/a.png" %}<button class="button primary">Save view</button></div>
  <p class="lead">Everything a page is made of.</p></header>
<form class="question" aria-label="The question">Customers who first <select aria-label="begin"><option>placed an order</option></select>, and came back to <select aria-label="return"><option>place an order</option></select>, by <select aria-label="period"><option>month</option></select> in <select aria-label="zone"><option>Europe/London</option></select>.</form>
<div class="stats">
  {% stat "Full" "6.1 %" period="in every month 1 to 11" n=885 low="4.7" high="7.9" ink="full" formula="Customers seen in every month from the first to the eleventh, of all who began." %}
  {% stat "Classic" "50.3 %" period="in month 11" n=885 ink="classic" %}
  {% stat "Rolling" None period="in month 11 or later" ink="rolling" %}
  {% stat "Revenue" revenue period="this week" change="12 %" is_better=True change_icon="arrow-up" url="/" %}
</div>
<div class="split">
  <section class="card"><header><h2>Customers</h2><div class="actions"><span class="chip good">kept</span> <span class="chip warn">late</span> <span class="chip bad">lost</span> <span class="chip accent">new</span> <span class="chip hued" style="--hue:300">wholesale</span></div></header>
    <div class="table-scroll" tabindex="0" role="region" aria-label="Customers"><table class="table"><thead><tr><th scope="col">Customer</th><th scope="col">Seen</th><th scope="col" class="number">Spent</th></tr></thead><tbody>
    {% for name in names %}<tr><th scope="row"><span class="named">{% avatar name %}<a href="/">{{ name }}</a></span></th><td>{% when earlier %}</td><td class="number">{{ revenue|money }}</td></tr>{% endfor %}</tbody></table></div>
    <footer>{% include "parts/more.html" with url="?page=2" %}</footer></section>
  <aside class="stack">
    {% include "parts/progress.html" with done=120340 total=541909 label="Online Retail.xlsx" seconds=95 %}
    {% include "parts/progress.html" with label="Counting" %}
    <form class="form card">{% fields form %}<div class="actions"><button class="button primary">Save</button><button class="button quiet">Cancel</button></div></form>
  </aside></div>
<section class="card">{% include "parts/empty.html" with icon="customers" title="No customers yet" text="Import a file, or send facts from your shop." url="/" action="Import a file" %}</section>
<div class="row"><copy-button data-text="abc"><button class="button">{% icon "copy" %}Copy</button></copy-button>
  <confirm-dialog data-title="Erase Ada?" data-text="This cannot be undone." data-yes="Erase"><form method="get" action="/gone/"><button class="button danger">Erase</button></form></confirm-dialog>
  <button class="button" hx-post="/refused/">Refused</button><button class="button" hx-get="/told/" hx-swap="none">Told</button><button class="button" hx-get="/broken/">Broken</button></div>
<figure class="card figure"><vega-chart src="/spec.json" aria-label="Retention by month"></vega-chart><figcaption>Months since the first order</figcaption></figure>
{% endblock %}
"""

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
    return HttpResponse(engines["django"].from_string(TEMPLATE).render(context, request))


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
