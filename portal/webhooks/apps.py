from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "portal.webhooks"

    def ready(self) -> None:
        from portal.webhooks import audited, hearing, receivers, tasks  # noqa: F401  the imports register
