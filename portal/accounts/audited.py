"""What the audit trail follows here: people, roles and second steps, never a secret."""

from auditlog.registry import auditlog

from portal.accounts.models import Authenticator, FactorReset, Passkey, Person, Role

auditlog.register(Person, exclude_fields=["password", "last_login"])
auditlog.register(Role)
auditlog.register(Authenticator, exclude_fields=["secret", "step", "used_at"])
auditlog.register(Passkey, exclude_fields=["credential", "credential_id", "uses", "used_at"])
auditlog.register(FactorReset)
