"""Addresses that let somebody in who is not in yet. Each carries its own proof."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.accounts import joining, links

app_name = "welcome"
urlpatterns: list[URLPattern | URLResolver] = [
    path("owner/<str:token>/", joining.first_owner, name="first_owner"),
    path("invitation/<str:token>/", joining.invitation, name="invitation"),
    path("ready/", links.ready, name="ready"),
    path("sign-in/<str:token>/", links.sign_in_link, name="sign_in_link"),
]
