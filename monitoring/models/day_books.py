"""The books of a customer's day: what came, and whether all of it is accounted for."""

from django.db import models

from portal.customers.models import Customer


class DayBooks(models.Model):
    """How many documents came on a day, and which of them lead nowhere: evidence that none is lost."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="books", db_index=False)
    day = models.DateField(help_text="In the customer's time zone.")
    begins_at = models.DateTimeField()
    received = models.PositiveBigIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=list, help_text="[[id, why]] of what is lost.")
    looked_at = models.DateTimeField()

    class Meta:
        ordering = ["customer", "day"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "day"], name="one_books_per_customer_and_day"
            )
        ]
