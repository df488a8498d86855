"""What the audit trail follows here: people, roles and tokens, never their passwords and hashes."""

from auditlog.registry import auditlog

from portal.accounts.models import ApiToken, Person, Role

auditlog.register(Person, exclude_fields=["password", "last_login"])
auditlog.register(Role)
auditlog.register(ApiToken, exclude_fields=["digest", "bucket", "last_used_at"])
