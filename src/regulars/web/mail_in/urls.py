"""Addresses mail services call."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.mail_in import calls

app_name = "mail_in"
urlpatterns: list[URLPattern | URLResolver] = [
    path("in/<str:token>/<slug:provider>", calls.bring, name="mail"),
    path("in/<str:token>/<slug:provider>/mime", calls.bring, name="whole_mail"),  # Mailgun asks for this ending
    path("in/<str:token>/<slug:provider>/events", calls.hear, name="events"),
]
