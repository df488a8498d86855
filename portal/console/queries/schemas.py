"""Which migrations each schema has, read from the schemas themselves."""

from functools import cache
from typing import Final, NamedTuple

from django.db.migrations.loader import MigrationLoader

from portal.tenants import across, schemas
from portal.tenants.models import Partner

_APPLIED: Final = "SELECT {partner}, app::text, name::text FROM {within}.django_migrations"


class Schema(NamedTuple):
    """`pending`: migrations that it lacks. `is_current`: those, its grants and its row limits are of this
    version."""

    partner: Partner
    pending: list[str]
    is_current: bool


def all_of_them() -> list[Schema]:
    """Every partner's schema, those that are behind first."""
    partners = list(Partner.living().order_by("name"))
    applied: dict[str, set[str]] = {}
    for schema, app, name in across.ask(_APPLIED, [one.schema_name for one in partners]):
        applied.setdefault(schema, set()).add(f"{app}.{name}")
    current = fingerprint()
    found = [
        Schema(
            one, sorted(_of_partners() - applied.get(one.schema_name, set())),
            one.schema_fingerprint == current,
        )
        for one in partners
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.is_current, one.partner.name))


@cache
def fingerprint() -> str:
    """Reading every migration takes a while, and they do not change under a running process."""
    return schemas.fingerprint()


@cache
def _of_partners() -> frozenset[str]:
    return frozenset(
        f"{app}.{name}"
        for app, name in MigrationLoader(None, ignore_no_migrations=True).graph.nodes
    )
