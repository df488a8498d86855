from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "portal.tenants"
    label = "tenants"

    def ready(self) -> None:
        from portal.core import http
        from portal.tenants import networks

        http.set_allowed_networks(networks.allowed)
