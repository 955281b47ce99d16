"""The product's settings, and an ear."""

from regulars import settings
from regulars.settings import *  # noqa: F403

INSTALLED_APPS = [*settings.INSTALLED_APPS, "tests.running.ear"]
