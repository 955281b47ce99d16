"""django-helpdesk as its documentation installs it, on the product's own PostgreSQL server, for `bench.helpdesk`.

Run by the Python of the environment that the benchmark makes for it, never by the product's.
"""

import os
from pathlib import Path

FOLDER = Path(os.environ["HELPDESK_FOLDER"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "helpdesk",
        "USER": "postgres",
        "HOST": os.environ["HELPDESK_DATABASE_HOST"],
        "CONN_MAX_AGE": 600,
    }
}
INSTALLED_APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.staticfiles", "django.contrib.sites", "django.contrib.humanize",
    "rest_framework", "helpdesk",
]  # fmt: skip
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
SECRET_KEY = "for this benchmark alone"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
ROOT_URLCONF = "bench._helpdesk_urls"
SITE_ID = 1
HELPDESK_TEAMS_MODE_ENABLED = False
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = str(FOLDER / "static")
MEDIA_ROOT = str(FOLDER / "media")
LOGIN_URL = "/login/"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # nothing leaves, and nothing waits for a server
