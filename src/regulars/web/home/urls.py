"""Addresses of the home pages."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.home import look, morning

urlpatterns: list[URLPattern | URLResolver] = [
    path("", morning.show, name="home"),
    path("look/", look.change, name="look"),
]
