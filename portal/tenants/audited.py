"""What the audit trail follows here: what a partner shows, each time that is published."""

from auditlog.registry import auditlog

from portal.tenants.models import Partner

auditlog.register(Partner, include_fields=["name", "accent", "published_brand"])
