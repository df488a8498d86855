"""What the audit trail follows of a partner's house: what it shows, each time that is published,
whose domains are claimed, which host is primary, and through which server mails go. Never a password."""

from auditlog.registry import auditlog

from portal.tenants.models import Domain, DomainClaim, MailServer, Partner

auditlog.register(Partner, include_fields=["name", "accent", "published_brand", "language"])
auditlog.register(Domain)
auditlog.register(DomainClaim, exclude_fields=["checked_at", "records", "certificate", "token"])
auditlog.register(
    MailServer,
    exclude_fields=[
        "sealed", "refused_in_row", "refused_since", "last_said", "dns_records", "dns_at",
        "changed_at", "changed_by",
    ],
)  # fmt: skip
