from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "portal.console"

    def ready(self) -> None:
        from portal.console import receivers, tasks  # noqa: F401  the imports register
