from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "portal.tenants"
    label = "tenants"

    def ready(self) -> None:
        from django.conf import settings

        from portal.core import guard, http, logs
        from portal.tenants import audited, networks  # noqa: F401  the import registers
        from portal.tenants.current import current_schema

        logs.configure(as_json=settings.LOG_JSON)
        http.set_allowed_networks(networks.allowed, current_schema)
        guard.set_allowed_files(lambda: settings.ALLOWED_FILES)
