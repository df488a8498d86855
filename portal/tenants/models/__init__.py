"""Partners, their hosts and mail servers, and what the installation allows. In the public schema."""

from portal.tenants.models.brand import DEFAULT_ACCENT, BrandImage, BrandVersion
from portal.tenants.models.brand_scan import BrandScan
from portal.tenants.models.claim import DomainClaim
from portal.tenants.models.domain import Domain
from portal.tenants.models.mail_server import MailServer
from portal.tenants.models.network import AllowedNetwork
from portal.tenants.models.partner import PARTNER_SLUG, Partner
from portal.tenants.models.partner_event import PartnerEvent
from portal.tenants.models.retention_term import RetentionTerm
from portal.tenants.models.sent_mail import SentMail
from portal.tenants.models.tier import FlagException, Tier

__all__ = [
    "DEFAULT_ACCENT", "PARTNER_SLUG", "AllowedNetwork", "BrandImage", "BrandScan", "BrandVersion",
    "Domain", "DomainClaim", "FlagException", "MailServer", "Partner", "PartnerEvent",
    "RetentionTerm", "SentMail", "Tier",
]  # fmt: skip
