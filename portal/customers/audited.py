"""What the audit trail follows here: groups and who is in them."""

from auditlog.registry import auditlog

from portal.customers.models import CustomerGroup

auditlog.register(CustomerGroup, m2m_fields={"members"})
