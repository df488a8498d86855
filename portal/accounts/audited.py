"""What the audit trail follows here: people, their roles, limits, tokens and second steps, never a secret."""

from auditlog.registry import auditlog

from portal.accounts.models import (
    ApiToken,
    Authenticator,
    FactorReset,
    Identity,
    Invitation,
    Limit,
    Passkey,
    Person,
    Provider,
    ProviderRule,
    Role,
)

auditlog.register(Person, exclude_fields=["password", "last_login"])
auditlog.register(Role)
auditlog.register(Limit)
auditlog.register(Invitation, exclude_fields=["digest"])
auditlog.register(ApiToken, exclude_fields=["digest", "bucket", "last_used_at"])
auditlog.register(Authenticator, exclude_fields=["secret", "step", "used_at"])
auditlog.register(Passkey, exclude_fields=["credential", "credential_id", "uses", "used_at"])
auditlog.register(FactorReset)
auditlog.register(Provider, exclude_fields=["sealed"])
auditlog.register(ProviderRule)
auditlog.register(Identity, exclude_fields=["used_at"])
