"""Addresses of forms."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.forms import pages

app_name = "forms"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:slug>/", pages.show, name="show"),
    path("<slug:slug>/thanks/", pages.thanks, name="thanks"),
    path("<slug:slug>/embed/", pages.embed, name="embed"),
    path("<slug:slug>/embed/thanks/", pages.embed_thanks, name="embed_thanks"),
]
