"""Where one-time links lead, by themselves: who only prints a link need not load every page for its address."""

from django.urls import URLPattern, URLResolver, include, path

WELCOME = path("welcome/", include("regulars.web.accounts.urls"))
urlpatterns: list[URLPattern | URLResolver] = [WELCOME]
