"""Partners, their hosts and mail servers, and what the installation allows. In the public schema."""

from portal.tenants.models.brand import DEFAULT_ACCENT, BrandImage, BrandVersion
from portal.tenants.models.brand_scan import BrandScan
from portal.tenants.models.claim import DomainClaim
from portal.tenants.models.domain import Domain
from portal.tenants.models.mail_server import MailServer
from portal.tenants.models.network import AllowedNetwork
from portal.tenants.models.partner import PARTNER_SLUG, Partner
from portal.tenants.models.sent_mail import SentMail

__all__ = [
    "DEFAULT_ACCENT", "PARTNER_SLUG", "AllowedNetwork", "BrandImage", "BrandScan", "BrandVersion",
    "Domain", "DomainClaim", "MailServer", "Partner", "SentMail",
]  # fmt: skip
