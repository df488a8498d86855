"""Who is billed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from billing.models.seller import LegalEntity


class Account(models.Model):
    """Who pays: a customer of the partner, or on the platform's side a partner.

    The one is known by the id of a row of the same schema, the other by its slug; no foreign key says so,
    because the two sides share these tables and no key crosses schemas. Its row is locked by whoever makes
    an invoice final, and shared by whoever notes usage, so that every fact knows which invoice it is too
    late for.
    """

    class Treatment(models.TextChoices):
        STANDARD = "standard", "taxed"
        REVERSE_CHARGE = "reverse_charge", "reverse charge"
        EXEMPT = "exempt", "exempt"
        NONE = "none", "no tax"

    slug = models.CharField(max_length=41, unique=True)
    customer_id = models.BigIntegerField(null=True, unique=True)
    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="accounts")
    name = models.CharField(max_length=120)
    address = models.TextField(blank=True)
    tax_number = models.CharField(max_length=40, blank=True)
    reference = models.CharField(max_length=80, blank=True, help_text="Their order number, say.")
    recipients = ArrayField(models.EmailField(), default=list, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    time_zone = models.CharField(max_length=40, default="UTC")
    treatment = models.CharField(max_length=14, choices=Treatment, default=Treatment.NONE)
    tax_code = models.SlugField(max_length=20, blank=True)
    exempt_reason = models.CharField(max_length=200, blank=True)
    open_from = models.CharField(max_length=7, help_text="The first month that is not closed.")
    reckon_from = models.CharField(
        max_length=7, blank=True,
        help_text="The first closed month of which something was changed since the last invoice.",
    )  # fmt: skip
    budget = models.DecimalField(
        max_digits=14, decimal_places=4, null=True, blank=True,
        help_text="What they mean to spend a month; alerts are parts of it.",
    )  # fmt: skip
    alert_at = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    customer_may_read = "customer_id"

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class SpendCap(models.Model):
    """From a month on no month is billed above `amount`; null: the cap was lifted."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="spend_caps")
    begins = models.CharField(max_length=7)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    author = models.CharField(max_length=80)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["account", "-begins"]
        constraints = [
            models.UniqueConstraint(fields=["account", "begins"], name="one_spend_cap_a_month")
        ]


class SpendAlert(models.Model):
    """That a month reached a part of the budget was told, once."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="spend_alerts")
    month = models.CharField(max_length=7)
    percent = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "month", "percent"], name="one_spend_alert_a_month"
            )
        ]
