from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "portal.support"
    label = "support"

    def ready(self) -> None:
        from portal.support import audited, receivers  # noqa: F401  the imports register
