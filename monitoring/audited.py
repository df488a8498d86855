"""What the audit trail follows here: who gets which cases."""

from auditlog.registry import auditlog

from monitoring.models import AssignmentRule, Team

auditlog.register(Team, m2m_fields={"members"})
auditlog.register(AssignmentRule)
