"""Stock promised to orders and not yet gone."""

from django.db import models
from django.db.models.functions import Now


class Reservation(models.Model):
    """One order line's claim on one site's stock: hard → sent → consumed, or released.

    A line shipped in part has a row for each state it is in; together they are what it claimed.
    """

    class State(models.TextChoices):
        HARD = "hard", "reserved"
        SENT = "sent", "sent to the warehouse"
        CONSUMED = "consumed", "shipped"
        RELEASED = "released", "released"

    order = models.ForeignKey(
        "integrations.Record", models.DO_NOTHING, db_constraint=False, db_index=False
    )
    customer = models.ForeignKey("customers.Customer", models.CASCADE, db_index=False)
    line_no = models.CharField(max_length=40)
    site = models.CharField(max_length=20)
    sku = models.CharField(max_length=80)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    state = models.CharField(max_length=8, choices=State, default=State.HARD)
    changed_at = models.DateTimeField(db_default=Now())

    customer_may_read = "customer_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "line_no", "site", "sku", "state"],
                name="one_reservation_per_state",
            )
        ]
        indexes = [models.Index(fields=["customer", "sku", "state"], name="reservation_of_sku")]
