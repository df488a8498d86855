"""What partners told that they paid of our invoices."""

from django.db import models
from django.db.models.functions import Now


class ToldPayment(models.Model):
    """What one partner told under one trace of one invoice, as it counts; what it takes back under that
    trace is a row of its own, beneath zero. What names no trace is known by its message."""

    invoice = models.ForeignKey(
        "integrations.Record",
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="payments",
    )
    customer = models.ForeignKey("customers.Customer", models.CASCADE, db_index=False)
    endpoint = models.ForeignKey(
        "integrations.Endpoint", models.DO_NOTHING, db_constraint=False, db_index=False
    )
    told_by = models.CharField(max_length=80, help_text="The endpoint's name when it told.")
    trace = models.CharField(max_length=80, default="")
    takes_back = models.BooleanField(default=False)
    paid = models.DecimalField(max_digits=18, decimal_places=4)
    discount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    message_id = models.UUIDField(help_text="The last that told so.")
    created_at = models.DateTimeField(db_default=Now())

    customer_may_read = "customer_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "endpoint", "trace", "takes_back"],
                name="one_payment_per_trace",
                condition=~models.Q(trace=""),
            ),
            models.UniqueConstraint(
                fields=["invoice", "endpoint", "message_id", "takes_back"],
                name="one_payment_per_message",
                condition=models.Q(trace=""),
            ),
        ]
        indexes = [models.Index(fields=["invoice", "id"], name="payment_of_invoice")]
