"""Addresses of the home pages."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.home import look, morning, staying

urlpatterns: list[URLPattern | URLResolver] = [
    path("", morning.show, name="home"),
    path("home/staying/", staying.show, name="home_staying"),
    path("look/", look.change, name="look"),
]
