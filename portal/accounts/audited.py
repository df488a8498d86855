"""What the audit trail follows here: people, roles, invitations and tokens, never what they sign in with."""

from auditlog.registry import auditlog

from portal.accounts.models import ApiToken, Invitation, Person, Role

auditlog.register(Person, exclude_fields=["password", "last_login"])
auditlog.register(Role)
auditlog.register(Invitation, exclude_fields=["digest"])
auditlog.register(ApiToken, exclude_fields=["digest", "bucket", "last_used_at"])
