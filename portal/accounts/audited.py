"""What the audit trail follows here: people, roles and invitations, never what they sign in with."""

from auditlog.registry import auditlog

from portal.accounts.models import Invitation, Person, Role

auditlog.register(Person, exclude_fields=["password", "last_login"])
auditlog.register(Role)
auditlog.register(Invitation, exclude_fields=["digest"])
