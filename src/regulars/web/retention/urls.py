"""Addresses of the retention pages."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.retention import again, downloads, page

app_name = "retention"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", page.show, name="page"),
    path("again/", again.show, name="again"),
    path("curves.json", downloads.specification, name="curves"),
    path("table.csv", downloads.table, name="table"),
    path("curves.svg", downloads.svg, name="svg"),
    path("curves.png", downloads.png, name="png"),
]
