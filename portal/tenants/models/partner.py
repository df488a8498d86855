"""Who runs their business here: a partner is a tenant with a schema of its own."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django_tenants.models import TenantMixin
from django_tenants.utils import get_public_schema_name

from portal.tenants import lifecycle

PARTNER_SLUG = RegexValidator(
    r"^[a-z][a-z0-9]{1,40}$", "Use 2 to 41 lower-case letters and digits, a letter first."
)


class Partner(TenantMixin):
    """One MSP, ERP partner or system integrator. `schema_name` is its slug (public: the platform).

    The row of a deleted one stays: bills name it, and its slug is not given again."""

    class State(models.TextChoices):
        OPEN = lifecycle.OPEN, "open"
        SUSPENDED = lifecycle.SUSPENDED, "suspended"
        ARCHIVED = lifecycle.ARCHIVED, "archived"
        DELETED = lifecycle.DELETED, "deleted"

    name = models.CharField(max_length=80)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    state_since = models.DateTimeField(null=True, help_text="Null: since it was opened.")
    opened_at = models.DateTimeField(auto_now_add=True)
    schema_fingerprint = models.CharField(max_length=64, blank=True)
    migrated_at = models.DateTimeField(null=True)
    migration_failed_at = models.DateTimeField(null=True)
    migration_trouble = models.CharField(
        max_length=200, blank=True, help_text="What kind of error, never its words: they may quote."
    )
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
    tier = models.ForeignKey(
        "tenants.Tier", on_delete=models.RESTRICT, null=True, related_name="partners",
        help_text="Null: everything is on.",
    )  # fmt: skip
    # A copy of what tier and exceptions come to, for the same reason as the brand's.
    flags_off = ArrayField(models.CharField(max_length=30), default=list)

    auto_create_schema = False  # domain.open_partner creates and fills the schema

    def __str__(self) -> str:
        return self.name

    @classmethod
    def living(cls) -> "models.QuerySet[Partner]":
        """All that have a schema: not the platform itself, and none that was deleted."""
        others = cls.objects.exclude(schema_name=get_public_schema_name())
        return others.exclude(state=lifecycle.DELETED)

    @property
    def slug(self) -> str:
        return self.schema_name

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
