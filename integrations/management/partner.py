"""Running a command inside one partner's schema."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django_tenants.utils import schema_context

from portal.tenants.models import Partner


@contextmanager
def inside_partner(slug: str) -> Iterator[None]:
    """The block runs in the partner's schema. CommandError if there is no such partner."""
    partners = Partner.living()
    if not partners.filter(schema_name=slug).exists():
        known = ", ".join(partners.order_by("schema_name").values_list("schema_name", flat=True))
        raise CommandError(f"There is no partner {slug!r}. There are: {known or 'none'}.")
    with schema_context(slug):
        yield
