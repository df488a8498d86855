"""Who runs their business here: a partner is a tenant with a schema of its own."""

from django.core.validators import RegexValidator
from django.db import models
from django_tenants.models import TenantMixin

PARTNER_SLUG = RegexValidator(
    r"^[a-z][a-z0-9]{1,40}$", "Use 2 to 41 lower-case letters and digits, a letter first."
)


class Partner(TenantMixin):
    """One MSP, ERP partner or system integrator. `schema_name` is its slug (public: the platform)."""

    name = models.CharField(max_length=80)
    opened_at = models.DateTimeField(auto_now_add=True)
    schema_fingerprint = models.CharField(max_length=64, blank=True)
    accent = models.CharField(max_length=7, default="#0e5a68")
    accent_light = models.CharField(max_length=7, default="#0e5a68")
    accent_ink_light = models.CharField(max_length=7, default="#ffffff")
    accent_dark = models.CharField(max_length=7, default="#6fbcc6")
    accent_ink_dark = models.CharField(max_length=7, default="#06262b")
    accent_quiet = models.BooleanField(default=False)
    # The id of the published BrandVersion, of which `name` and the accents are copies: every request reads
    # this row. No foreign key: that one leads here already.
    published_brand = models.BigIntegerField(null=True)
    time_zone = models.CharField(max_length=40, default="UTC")
    # Of customers' people for whom none was chosen; blank: what their browser asks for.
    language = models.CharField(max_length=8, blank=True)

    auto_create_schema = False  # domain.open_partner creates and fills the schema

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        return self.schema_name
