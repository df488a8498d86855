"""Partners, their host names, and what the installation allows them. In the public schema."""

from portal.tenants.models.claim import DomainClaim
from portal.tenants.models.domain import Domain
from portal.tenants.models.network import AllowedNetwork
from portal.tenants.models.partner import PARTNER_SLUG, Partner

__all__ = ["PARTNER_SLUG", "AllowedNetwork", "Domain", "DomainClaim", "Partner"]
