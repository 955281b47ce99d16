"""Every address there is, but for those the ASGI root answers before Django: see `regulars.asgi`."""

from django.urls import URLPattern, URLResolver, include, path

from regulars.web.accounts.doors import WELCOME

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("regulars.web.home.urls")),
    path("inbox/", include("regulars.web.desk.urls")),
    path("numbers/", include("regulars.web.numbers.urls")),
    path("customers/", include("regulars.web.customers.urls")),
    path("retention/", include("regulars.web.retention.urls")),
    path("import/", include("regulars.web.imports.urls")),
    path("api/v1/", include("regulars.api.rest.urls")),
    path("settings/", include("regulars.web.settings.urls")),
    path("mail/", include("regulars.web.mail_in.urls")),
    path("form/", include("regulars.web.forms.urls")),
    path("portal/", include("regulars.web.portal.urls")),
    WELCOME,
    path("account/", include("allauth.urls")),
]

# django-allauth looks for this one; Django itself knows no handler for it.
handler429 = "regulars.web.accounts.waiting.too_many"
handler400 = "regulars.web.trouble.unusable"
handler500 = "regulars.web.trouble.broken"
