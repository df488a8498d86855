"""The partner's own site as workers see it, who have no request: name, address, brand, zone."""

from typing import NamedTuple

from django.conf import settings

from portal.tenants import brand
from portal.tenants.brand import Brand
from portal.tenants.current import current_schema
from portal.tenants.models import Domain, Partner


class Site(NamedTuple):
    """`url` without a slash at its end; `zone` the partner's; `accent` that of the light theme."""

    slug: str
    name: str
    host: str
    url: str
    zone: str
    accent: str
    brand: Brand


def current_site() -> Site:
    """Of the schema the connection works in."""
    return site_of(Partner.objects.get(schema_name=current_schema()))


def site_of(partner: Partner) -> Site:
    host = Domain.objects.get(tenant=partner, is_primary=True).domain
    return Site(
        partner.slug, partner.name, host, _url(host), partner.time_zone, partner.accent_light,
        brand.of(partner),
    )  # fmt: skip


def _url(host: str) -> str:
    if settings.SESSION_COOKIE_SECURE:  # behind a proxy that speaks TLS on its usual port
        return f"https://{host}"
    return f"http://{host}" if settings.WEB_PORT == 80 else f"http://{host}:{settings.WEB_PORT}"
