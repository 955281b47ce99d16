"""Addresses of the home pages."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.home import figures, keyboard, look, morning

urlpatterns: list[URLPattern | URLResolver] = [
    path("", morning.show, name="home"),
    path("home/figures/", figures.show, name="home_figures"),
    path("look/", look.change, name="look"),
    path("keys/", keyboard.change, name="keyboard"),
]
