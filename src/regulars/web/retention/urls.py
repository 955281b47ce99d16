"""Addresses of the retention pages."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.retention import again, at_risk, downloads, model_card, page, revenue, survival, value

app_name = "retention"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", page.show, name="page"),
    path("survival/", survival.show, name="survival"),
    path("survival/curves.json", survival.specification, name="survival_curves"),
    path("survival/table.csv", survival.table, name="survival_table"),
    path("survival/curves.svg", survival.svg, name="survival_svg"),
    path("survival/curves.png", survival.png, name="survival_png"),
    path("revenue/", revenue.show, name="revenue"),
    path("revenue/<slug:form>.json", revenue.specification, name="revenue_chart"),
    path("revenue/table.csv", revenue.table, name="revenue_table"),
    path("revenue/kept.svg", revenue.svg, name="revenue_svg"),
    path("revenue/kept.png", revenue.png, name="revenue_png"),
    path("value/", value.show, name="value"),
    path("value/steps.json", value.specification, name="value_chart"),
    path("value/steps.csv", value.steps, name="value_steps"),
    path("value/steps.svg", value.svg, name="value_svg"),
    path("value/steps.png", value.png, name="value_png"),
    path("value/table.csv", value.table, name="value_table"),
    path("at-risk/", at_risk.show, name="at_risk"),
    path("at-risk/table.csv", at_risk.table, name="at_risk_table"),
    path("model-card/", model_card.show, name="model_card"),
    path("model-card/<slug:form>.json", model_card.specification, name="model_card_chart"),
    path("again/", again.show, name="again"),
    path("curves.json", downloads.specification, name="curves"),
    path("table.csv", downloads.table, name="table"),
    path("curves.svg", downloads.svg, name="svg"),
    path("curves.png", downloads.png, name="png"),
]
