"""The schema the connection works in."""

from django.db import connection
from django_tenants.utils import get_public_schema_name


def current_schema() -> str:
    """The partner's schema of the running request or task; `public` on the platform's side."""
    return connection.schema_name  # type: ignore[attr-defined]


def is_platform() -> bool:
    """Whether it works on the platform's side, where there are no customers and no documents."""
    return current_schema() == get_public_schema_name()
