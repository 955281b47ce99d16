from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "regulars.kernel"
    label = "kernel"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        # Handlers, consumers and people registrations of every context announce themselves on import.
        autodiscover_modules("handlers", "consumers", "people")
