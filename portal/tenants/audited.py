"""What the audit trail follows of a partner's house: whose domains are claimed, and which host is primary."""

from auditlog.registry import auditlog

from portal.tenants.models import Domain, DomainClaim

auditlog.register(Domain)
auditlog.register(DomainClaim, exclude_fields=["checked_at", "records", "certificate", "token"])
