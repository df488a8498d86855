"""The last look through a partner's house for what is the vendor's."""

from django.db import models

from portal.tenants.models.partner import Partner


class BrandScan(models.Model):
    """`found` is what came of it so far, as `portal.pages.brand_scan` reads it. Steps stand in `done`, or in
    `unfinished` where one ended its worker; `at_work` is the one that has begun."""

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)
    at_work = models.CharField(max_length=20, blank=True)
    done = models.JSONField(default=list)
    unfinished = models.JSONField(default=list)
    found = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"Scan of {self.partner_id}"
