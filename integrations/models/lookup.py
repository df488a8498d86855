"""Code crosswalks that operators edit without touching logic."""

from django.db import models

from portal.customers.models import Customer


class LookupTable(models.Model):
    """A crosswalk of one customer, or of the partner for all customers when `customer` is null."""

    class Default(models.TextChoices):
        HOLD = "hold", "hold the document"
        PASS_THROUGH = "pass", "use the code as it came"
        VALUE = "value", "use a fixed value"
        MASTER = "master", "use the code if it is a product we know, else hold"

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, blank=True, related_name="lookup_tables"
    )
    name = models.CharField(max_length=40)
    default = models.CharField(max_length=6, choices=Default, default=Default.HOLD)
    default_value = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "name"], name="one_lookup_table", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


class LookupRow(models.Model):
    """One code and what it means."""

    table = models.ForeignKey(LookupTable, on_delete=models.CASCADE, related_name="rows")
    code = models.CharField(max_length=200)
    value = models.CharField(max_length=200)
    added_by = models.CharField(max_length=80, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="one_lookup_row")]
