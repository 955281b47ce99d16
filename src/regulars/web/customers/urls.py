"""Addresses of the customers pages."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.customers import editing, erasing, exporting, listing, merging, profile, searching

app_name = "customers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.show, name="list"),
    path("search/", searching.show, name="search"),
    path("<int:pk>/", profile.show, name="profile"),
    path("<int:pk>/timeline/", profile.timeline, name="timeline"),
    path("<int:pk>/duplicates/", profile.duplicates, name="duplicates"),
    path("<int:pk>/name/", editing.name, name="name"),
    path("<int:pk>/company/", editing.company, name="company"),
    path("<int:pk>/labels/", editing.put_label, name="labels"),
    path("<int:pk>/labels/<int:label>/remove/", editing.take_label_off, name="label_removal"),
    path("<int:pk>/attributes/", editing.write_attribute, name="attributes"),
    path("<int:pk>/attributes/remove/", editing.remove_attribute, name="attribute_removal"),
    path("<int:pk>/consents/", editing.consent, name="consents"),
    path("<int:pk>/merge/", merging.show, name="merge"),
    path("merges/<int:pk>/undo/", merging.undo, name="merge_undo"),
    path("<int:pk>/export/", exporting.create, name="export"),
    path("<int:pk>/erasure/", erasing.show, name="erasure"),
]
