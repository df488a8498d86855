"""Which features come with which tier, and what is otherwise for one partner."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from portal.tenants.models.partner import Partner


class Tier(models.Model):  # type: ignore[django-manager-missing]
    """What partners of one kind may use. A feature that no tier takes away is on."""

    slug = models.SlugField(max_length=30, unique=True)
    label = models.CharField(max_length=60, unique=True)
    flags_off = ArrayField(models.CharField(max_length=30), default=list)

    def __str__(self) -> str:
        return self.label


class FlagException(models.Model):
    """One feature is on or off for one partner, whatever its tier says."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="flag_exceptions")
    flag = models.CharField(max_length=30)
    is_on = models.BooleanField()
    reason = models.CharField(max_length=200)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "flag"], name="one_exception_per_flag")
        ]

    def __str__(self) -> str:
        return f"{self.flag} {'on' if self.is_on else 'off'} for {self.partner_id}"
