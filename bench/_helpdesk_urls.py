"""Addresses of django-helpdesk, for `bench.helpdesk`; a module apart, because they need its models to be there."""

from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
