"""Whose bills these are, and by which rules they are made."""

from decimal import Decimal

from django.db import models


class LegalEntity(models.Model):
    """Who stands on an invoice as its sender. Numbers are given out from here, without gaps."""

    name = models.CharField(max_length=120)
    address = models.TextField(blank=True)
    tax_number = models.CharField(max_length=40, blank=True)
    pay_to = models.TextField(blank=True, help_text="Where the money goes, as it stands on bills.")
    currency = models.CharField(max_length=3, default="USD", help_text="Margins are told in it.")
    time_zone = models.CharField(max_length=40, default="UTC")
    prefix = models.CharField(max_length=12, default="INV-")
    next_number = models.PositiveIntegerField(default=1)
    credit_prefix = models.CharField(max_length=12, default="CN-")
    next_credit_number = models.PositiveIntegerField(default=1)
    due_days = models.PositiveSmallIntegerField(default=30)
    terms = models.CharField(max_length=300, blank=True, help_text="A sentence below the sum.")
    late_months = models.PositiveSmallIntegerField(
        default=3, help_text="So many closed months still take late usage, as adjustments."
    )
    hour_cost = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        help_text="An operator's hour costs so much.",
    )
    month_cost = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0),
        help_text="What runs all of it costs a month; shared by documents.",
    )  # fmt: skip
    margin_floor = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal(20),
        help_text="Percent: a true margin below it opens a case.",
    )  # fmt: skip
    told_from = models.BigIntegerField(
        default=0,
        help_text="Usage after this fact is told to the platform next; see domain.wholesale.",
    )
    told_to = models.BigIntegerField(default=0)
    second_person = models.BooleanField(
        default=False, help_text="Whoever publishes prices has to be another than who wrote them."
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class TaxRate(models.Model):
    """A rate from a day on. The newest that has begun holds; earlier ones stay for earlier invoices."""

    code = models.SlugField(max_length=20)
    name = models.CharField(max_length=60, help_text="As it stands on bills: VAT 19 %.")
    percent = models.DecimalField(max_digits=6, decimal_places=3)
    begins = models.DateField()

    class Meta:
        ordering = ["code", "-begins"]
        constraints = [
            models.UniqueConstraint(fields=["code", "begins"], name="one_tax_rate_a_day")
        ]

    def __str__(self) -> str:
        return self.name


class ExchangeRate(models.Model):
    """From a day on, one of `base` is `rate` of `quote`. Said by whoever entered it."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    begins = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    source = models.CharField(max_length=120)

    class Meta:
        ordering = ["base", "quote", "-begins"]
        constraints = [
            models.UniqueConstraint(
                fields=["base", "quote", "begins"], name="one_exchange_rate_a_day"
            )
        ]
