"""What the audit trail follows here: people, roles and limits, never their passwords."""

from auditlog.registry import auditlog

from portal.accounts.models import Limit, Person, Role

auditlog.register(Person, exclude_fields=["password", "last_login"])
auditlog.register(Role)
auditlog.register(Limit)
