"""Addresses of the desk's pages."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.desk import conversation, listing

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.show, name="inbox"),
    path("conversations/<int:pk>/", conversation.show, name="conversation"),
]
