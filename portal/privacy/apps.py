from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "portal.privacy"

    def ready(self) -> None:
        from portal.privacy import audited, receivers, tasks  # noqa: F401  the imports register
