"""What the audit trail follows: how long things are kept, and legal holds. Not the person of an erasure."""

from auditlog.registry import auditlog

from portal.privacy.models import LegalHold, RetentionChoice

auditlog.register(RetentionChoice)
auditlog.register(LegalHold, exclude_fields=["person"])
