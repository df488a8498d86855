"""Which failures partners share."""

from django.db import models

from portal.tenants.models import Partner


class Failure(models.Model):
    """How often one failure happened at one partner on one day. `fingerprint` is salted, see
    `portal.console.fingerprints`; the words beside it are our own codes and names, never a document's."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="+", db_index=False
    )  # fmt: skip
    day = models.DateField()
    fingerprint = models.CharField(max_length=32)
    code = models.CharField(max_length=40)
    connector = models.CharField(max_length=30)
    object_type = models.CharField(max_length=20)
    times = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "day", "fingerprint"], name="one_failure_a_day"
            )
        ]
        indexes = [models.Index(fields=["day", "fingerprint"], name="failure_by_day")]

    def __str__(self) -> str:
        return f"{self.code} at {self.partner_id}"
