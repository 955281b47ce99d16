"""Addresses of the desk's figures."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.numbers import behind, downloads, page, reports

app_name = "numbers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", page.show, name="page"),
    path("conversations/", behind.show, name="behind"),
    path("conversations.csv", behind.table, name="behind_table"),
    path("reports/", reports.create, name="reports"),
    path("reports/<int:pk>/removal/", reports.remove, name="report_removal"),
    path("<slug:form>.json", downloads.specification, name="chart"),
    path("table.csv", downloads.table, name="table"),
    path("<slug:form>.svg", downloads.svg, name="svg"),
    path("<slug:form>.png", downloads.png, name="png"),
]
