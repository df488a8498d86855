"""Partners, their host names, and what the installation allows them. In the public schema."""

from portal.tenants.models.brand import DEFAULT_ACCENT, BrandImage, BrandVersion
from portal.tenants.models.domain import Domain
from portal.tenants.models.network import AllowedNetwork
from portal.tenants.models.partner import PARTNER_SLUG, Partner

__all__ = [
    "DEFAULT_ACCENT",
    "PARTNER_SLUG",
    "AllowedNetwork",
    "BrandImage",
    "BrandVersion",
    "Domain",
    "Partner",
]
