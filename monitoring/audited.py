"""What the audit trail follows here: who gets which cases, and by which terms statements are made."""

from auditlog.registry import auditlog

from monitoring.models import AssignmentRule, StatementTerms, Team

auditlog.register(Team, m2m_fields={"members"})
auditlog.register(AssignmentRule)
auditlog.register(StatementTerms)
