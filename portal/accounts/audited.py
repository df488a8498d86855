"""What the audit trail follows here: people and roles, never their passwords."""

from auditlog.registry import auditlog

from portal.accounts.models import Person, Role

auditlog.register(Person, exclude_fields=["password", "last_login"])
auditlog.register(Role)
