"""What a month came to, customer by customer: kept for pages, made again at will."""

from django.db import models

from billing.models.account import Account


class MonthFigure(models.Model):
    """Amounts in the currency of whoever bills, rounded to it.

    `retail` − `wholesale` is the margin; less `work` and `infrastructure` it is the true one.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="figures")
    month = models.CharField(max_length=7)
    currency = models.CharField(max_length=3)
    retail = models.DecimalField(max_digits=18, decimal_places=4)
    wholesale = models.DecimalField(max_digits=18, decimal_places=4)
    minutes = models.DecimalField(max_digits=14, decimal_places=4)
    work = models.DecimalField(max_digits=18, decimal_places=4)
    infrastructure = models.DecimalField(max_digits=18, decimal_places=4)
    documents = models.BigIntegerField()
    trouble = models.CharField(max_length=300, blank=True, help_text="Why a figure is missing.")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-month", "account"]
        constraints = [
            models.UniqueConstraint(fields=["account", "month"], name="one_figure_a_month")
        ]
