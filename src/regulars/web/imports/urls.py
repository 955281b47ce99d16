"""Addresses of the imports pages."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.imports import uploads, views

app_name = "imports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", uploads.index, name="list"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/check/", views.check, name="check"),
    path("<int:pk>/run/", views.run, name="run"),
    path("<int:pk>/cancellation/", views.cancel, name="cancel"),
    path("<int:pk>/rejected.csv", views.rejected, name="rejected"),
]
