"""What the audit trail follows here: everything that decides over documents. Secrets are masked."""

from auditlog.registry import auditlog

from integrations.models import (
    Authorisation,
    ChangeRequest,
    Contract,
    Endpoint,
    Flow,
    LookupRow,
    LookupTable,
    MappingVersion,
    Resource,
    ResourceRow,
    RoutingRules,
)
from portal.customers.models import Customer


def not_shown(value: str) -> str:
    """The trail says that a secret changed and nothing of what it is."""
    return "not shown"


auditlog.register(Customer, exclude_fields=["config_version"])
auditlog.register(
    Endpoint,
    mask_fields=["secrets"],
    mask_callable="integrations.audited.not_shown",
    exclude_fields=["breaker", "last_good_at", "last_error", "last_error_at"],
)
# Who said yes at the system, and when. The tokens are renewed every hour or so; that is no deed of a person.
auditlog.register(Authorisation, exclude_fields=["sealed", "meant", "renew_at", "renewed_at"])
auditlog.register(Flow, exclude_fields=["changed_at"])
auditlog.register(
    Resource, exclude_fields=["cursor", "due_at", "content", "failures", "last_error"]
)
auditlog.register(ResourceRow)
for model in (ChangeRequest, Contract, LookupTable, LookupRow, MappingVersion, RoutingRules):
    auditlog.register(model)
