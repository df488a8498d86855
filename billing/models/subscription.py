"""Who pays by which plan, from when to when, and what was agreed with them alone."""

from django.db import models
from django.db.models.functions import Now

from billing.models.account import Account
from billing.models.plan import PlanVersion


class Subscription(models.Model):
    """An account has a version of a plan from `begins` up to and without `ends`.

    A new version for everyone ends it and begins another that `follows` it: trial and ramp go on from
    `since`, the first day of the first of them.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="subscriptions")
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="subscriptions")
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)
    since = models.DateField()
    trial_days = models.PositiveSmallIntegerField(default=0, help_text="As agreed at `since`.")
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="followed_by")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["account", "begins", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("begins")),
                name="subscription_ends_after_it_begins",
            )
        ]


class Override(models.Model):
    """Another price for one charge of one subscription, with a reason and an end."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="overrides")
    charge = models.CharField(max_length=40)
    terms = models.JSONField()
    begins = models.CharField(max_length=7, help_text="The first month.")
    until = models.CharField(max_length=7, help_text="The last month.")
    reason = models.CharField(max_length=300)
    author = models.CharField(max_length=80)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]


class Discount(models.Model):
    """Less to pay, for months from `begins` to `until` (blank: without end)."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="discounts")
    name = models.CharField(max_length=80)
    percent = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    begins = models.CharField(max_length=7)
    until = models.CharField(max_length=7, blank=True)
    reason = models.CharField(max_length=300)
    author = models.CharField(max_length=80)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__isnull=True) ^ models.Q(amount__isnull=True),
                name="discount_is_percent_or_amount",
            )
        ]


class OneOff(models.Model):
    """Something charged once: an onboarding, a day of work. Billed with the month of its day."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="one_offs")
    day = models.DateField()
    name = models.CharField(max_length=120)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=30, default="piece")
    unit_amount = models.DecimalField(max_digits=18, decimal_places=4)
    key = models.CharField(max_length=80, unique=True, help_text="So that it is entered once.")
    author = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["day", "id"]


class Credit(models.Model):
    """Money in hand: paid ahead, given for a broken promise, or left of a correction."""

    class Kind(models.TextChoices):
        PREPAID = "prepaid", "paid ahead"
        SLA = "sla", "service credit"
        NOTE = "note", "credit note"

    account = models.ForeignKey(Account, models.PROTECT, related_name="credits")
    kind = models.CharField(max_length=7, choices=Kind)
    name = models.CharField(max_length=160)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    expires = models.DateField(null=True, blank=True, help_text="The last day it can be used.")
    key = models.CharField(max_length=80, unique=True, help_text="Where it comes from.")
    withdrawn_at = models.DateTimeField(null=True, help_text="Its invoice was made void.")
    author = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["expires", "id"]
