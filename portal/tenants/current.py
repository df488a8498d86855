"""The schema the connection works in."""

from django.db import connection


def current_schema() -> str:
    """The partner's schema of the running request or task; `public` on the platform's side."""
    return connection.schema_name  # type: ignore[attr-defined]
