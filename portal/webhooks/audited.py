"""What the audit trail follows here: receivers, never their secrets."""

from auditlog.registry import auditlog

from portal.webhooks.models import Webhook

auditlog.register(
    Webhook,
    mask_fields=["secrets"],
    mask_callable="integrations.audited.not_shown",
    exclude_fields=[
        "failing_since", "failures", "last_error", "last_error_at", "last_good_at", "rest_until",
    ],
)  # fmt: skip
