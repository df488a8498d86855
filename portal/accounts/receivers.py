"""A new site starts with its roles; whoever signs in gets a session that says so."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django_tenants.utils import get_public_schema_name

from portal.accounts.domain import sessions
from portal.accounts.models import Person, Role
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


@receiver(user_logged_in)
def begin_session(request: HttpRequest, user: Person, **_: Any) -> None:
    sessions.begin(request, user, how="")
