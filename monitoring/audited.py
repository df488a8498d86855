"""What the audit trail follows here: who gets which cases, who is told of what, and by which terms statements
are made. Secrets are masked."""

from auditlog.registry import auditlog

from monitoring.models import (
    AlertChannel,
    AlertRule,
    AlertStep,
    AssignmentRule,
    NotificationChoice,
    Rota,
    RotaMember,
    RotaSwap,
    StatementTerms,
    Team,
)

auditlog.register(Team, m2m_fields={"members"})
auditlog.register(AssignmentRule)
auditlog.register(
    AlertChannel,
    mask_fields=["secrets"],
    mask_callable="integrations.audited.not_shown",
    exclude_fields=["failing_since", "last_error", "last_good_at"],
)
auditlog.register(NotificationChoice, exclude_fields=["digest_on"])
for model in (AlertRule, AlertStep, Rota, RotaMember, RotaSwap, StatementTerms):
    auditlog.register(model)
