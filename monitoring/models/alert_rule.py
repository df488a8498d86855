"""What people are told of, whom, when, and who is next when nobody answers."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from monitoring.models.alert_channel import AlertChannel
from monitoring.models.rota import Rota
from portal.customers.models import Customer


class AlertRule(models.Model):
    """Which cases, or which limit of the business, and how they are told. All that fit are followed."""

    class Subject(models.TextChoices):
        CASES = "cases", "Cases"
        LATE_ORDERS = "late_orders", "Orders near their cut-off"
        OLD_STOCK = "old_stock", "Stock reports that are old"
        OLD_QUEUE = "old_queue", "Queues that are old"

    class Timing(models.TextChoices):
        AT_ONCE = "at_once", "at once"
        HOURLY = "hourly", "every hour, together"
        DAILY = "daily", "every day, together"

    name = models.CharField(max_length=60, unique=True)
    is_on = models.BooleanField(default=True)
    since = models.DateTimeField(
        db_default=Now(), help_text="What began before it was switched on is not told."
    )
    subject = models.CharField(max_length=11, choices=Subject, default=Subject.CASES)
    customer = models.ForeignKey(
        "customers.Customer",
        models.CASCADE,
        null=True,
        help_text="Null: a group, or all customers.",
    )
    group = models.ForeignKey(
        "customers.CustomerGroup",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whoever is in it by then.",
    )
    severity = models.PositiveSmallIntegerField(
        default=2, help_text="Of cases at least this; of a limit, how severe it is."
    )
    category = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=14, blank=True)
    value_over = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, help_text="At risk, in the case's own currency."
    )
    minutes = models.PositiveIntegerField(default=0, help_text="The limit, for other than cases.")
    timing = models.CharField(max_length=7, choices=Timing, default=Timing.AT_ONCE)
    digest_minute = models.PositiveSmallIntegerField(
        default=480, help_text="When the daily one goes, after the receiver's midnight."
    )
    quiet_from = models.PositiveSmallIntegerField(
        null=True, help_text="Minutes after the receiver's midnight; null: no quiet hours."
    )
    quiet_until = models.PositiveSmallIntegerField(null=True)
    urgent_passes = models.BooleanField(default=True, help_text="S1 comes in quiet hours, too.")
    repeat_minutes = models.PositiveIntegerField(
        null=True, help_text="Told again past the last step; null: never."
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_both_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(customer__isnull=True) | models.Q(group__isnull=True),
                name="a_rule_is_for_a_customer_or_a_group",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def customer_ids(self) -> list[int] | None:
        """Whom it is for now; None for all customers."""
        if self.group_id is not None:
            members = Customer.objects.filter(groups=self.group_id)
            return list(members.values_list("pk", flat=True))
        return None if self.customer_id is None else [self.customer_id]


class AlertStep(models.Model):
    """One receiver of a rule. Those without a wait are told together with the one before."""

    rule = models.ForeignKey(AlertRule, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    wait_minutes = models.PositiveIntegerField(
        default=0, help_text="After the step before, if nobody has acknowledged by then."
    )
    channel = models.ForeignKey(AlertChannel, models.CASCADE, null=True)
    rota = models.ForeignKey(Rota, models.CASCADE, null=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(channel__isnull=False, rota__isnull=True, person__isnull=True)
                | models.Q(channel__isnull=True, rota__isnull=False, person__isnull=True)
                | models.Q(channel__isnull=True, rota__isnull=True, person__isnull=False),
                name="a_step_has_one_receiver",
            )
        ]
