from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "portal.pages"
    label = "pages"

    def ready(self) -> None:
        from integrations.queries import case_links
        from portal.pages import cases, tasks  # noqa: F401  the import of tasks registers

        case_links.provide(by_cause=cases.by_cause, by_endpoint=cases.by_endpoint)
