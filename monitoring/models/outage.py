"""When the way to an endpoint was closed."""

from django.db import models
from django.db.models.functions import Now

from integrations.models import Endpoint
from portal.customers.models import Customer


class Outage(models.Model):
    """From when to when an endpoint could not be reached, and why: evidence for whose fault it was.

    It began with the first call that failed, and ended when one succeeded. Between the last that failed and
    that one it may have answered, had we tried: that time is ours.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE)
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=300, blank=True)
    began_at = models.DateTimeField(db_default=Now())
    failed_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"],
                name="one_open_outage_per_endpoint",
                condition=models.Q(ended_at__isnull=True),
            )
        ]
        indexes = [models.Index(fields=["customer", "began_at"], name="outage_of_customer")]
