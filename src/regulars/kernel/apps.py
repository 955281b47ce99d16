from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "regulars.kernel"
    label = "kernel"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        from regulars.kernel import people_keeper

        people_keeper.announce()  # first, so that the log and the queue are the last to be erased
        # Handlers, consumers and people registrations of every context announce themselves on import.
        autodiscover_modules("handlers", "consumers", "people")
