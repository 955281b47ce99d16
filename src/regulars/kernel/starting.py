"""What every process of the product does first."""

import os


def set_django_up() -> None:
    """Set Django up, and the log after it, because Django sets up one of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
    import django

    from regulars.kernel import logs

    django.setup()
    logs.configure()
