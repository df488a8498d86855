"""What the audit trail follows here: what customers consent to, and who acted for them."""

from auditlog.registry import auditlog

from portal.support.models import Consent, SupportAccess

auditlog.register(Consent)
auditlog.register(SupportAccess)
