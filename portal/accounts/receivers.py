"""A new site starts with its roles."""

from django_tenants.utils import get_public_schema_name

from portal.accounts.models import Role
from portal.accounts.roles import PARTNER_ROLES, PLATFORM_ROLES
from portal.core.events import subscribe
from portal.tenants.opening import PartnerOpened


@subscribe(PartnerOpened)
def seed_roles(event: PartnerOpened) -> None:
    seeds = PLATFORM_ROLES if event.schema == get_public_schema_name() else PARTNER_ROLES
    Role.objects.bulk_create(
        Role(
            slug=seed.slug,
            label=seed.label,
            permissions=list(seed.permissions),
            for_customers=seed.for_customers,
        )
        for seed in seeds
    )
