from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "portal.customers"
    label = "customers"

    def ready(self) -> None:
        from portal.customers import audited  # noqa: F401  the import registers
