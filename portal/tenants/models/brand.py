"""How a partner shows itself: numbered versions that never change once they are published, and one draft."""

from typing import Any, Final

from django.db import models
from django.db.models import Q

from portal.core.bytes_field import Bytes
from portal.tenants.models.partner import Partner

DEFAULT_ACCENT: Final = "#0e5a68"


class BrandImage(models.Model):
    """A logo: the bytes as they are served, and what was measured of them. Rows never change."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    body = Bytes()
    media_type = models.CharField(max_length=20)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    mailed = Bytes(help_text="As PNG, for mails.")
    mailed_width = models.PositiveSmallIntegerField()
    mailed_height = models.PositiveSmallIntegerField()
    on_light = models.FloatField(help_text="Contrast on the worse ground of the light theme.")
    on_dark = models.FloatField()
    covered = models.BooleanField(help_text="Nothing of the ground is seen through it.")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.media_type}, {self.width} × {self.height}"


class BrandVersion(models.Model):
    """One version; without `published_at` it is the partner's draft. Only a draft changes."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="brand_versions")
    number = models.PositiveIntegerField()
    edition = models.PositiveIntegerField(
        default=1, help_text="Of the draft: grows with each save."
    )
    actor = models.CharField(max_length=120, help_text="Who saved or published it.")
    saved_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True, help_text="Such as: version 3 again.")

    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=24, blank=True)
    accent = models.CharField(max_length=7, default=DEFAULT_ACCENT)
    accent_light = models.CharField(max_length=7)
    accent_ink_light = models.CharField(max_length=7)
    accent_dark = models.CharField(max_length=7)
    accent_ink_dark = models.CharField(max_length=7)
    accent_quiet = models.BooleanField()
    logo_light = models.ForeignKey(
        BrandImage, on_delete=models.RESTRICT, null=True, related_name="+", db_index=False
    )
    logo_dark = models.ForeignKey(
        BrandImage, on_delete=models.RESTRICT, null=True, related_name="+", db_index=False
    )
    icon = models.ForeignKey(
        BrandImage, on_delete=models.RESTRICT, null=True, related_name="+", db_index=False
    )
    login_title = models.CharField(max_length=80, blank=True)
    login_words = models.TextField(blank=True)
    support_email = models.CharField(max_length=254, blank=True)
    support_phone = models.CharField(max_length=40, blank=True)
    support_hours = models.CharField(max_length=120, blank=True)
    support_address = models.TextField(blank=True)
    imprint = models.TextField(blank=True)
    privacy = models.TextField(blank=True)
    terms = models.TextField(blank=True)
    mail_signature = models.TextField(blank=True)
    mail_foot = models.TextField(blank=True)
    mail_texts: Any = models.JSONField(
        default=dict, help_text="By kind: {subject, opening}, where they are the partner's own."
    )
    pdf_foot = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "number"], name="brand_number"),
            models.UniqueConstraint(
                fields=["partner"], condition=Q(published_at__isnull=True), name="brand_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"Brand {self.number} of {self.partner_id}"
