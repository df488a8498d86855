from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "portal.customers"
    label = "customers"

    def ready(self) -> None:
        from portal.customers import audited  # noqa: F401  the import registers
        from portal.customers import languages as own
        from portal.tenants import languages

        languages.ask_customers(own.own)
