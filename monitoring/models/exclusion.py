"""Time that does not count: asked for by one person, approved by another."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from portal.tenants.rows import OwnFunction

OWN_AGREED_TIME = OwnFunction(
    name="own_agreed_time",
    columns="customer_id bigint, sli text, kind text, text text, begins_at timestamptz,"
    " ends_at timestamptz, recurs jsonb",
    select="""
        SELECT e.customer_id, e.sli::text, e.kind::text, e.text::text, e.begins_at, e.ends_at, e.recurs
        FROM monitoring_exclusion e WHERE e.state = 'approved'
    """,
)


class Exclusion(models.Model):
    """Once, from `begins_at` to `ends_at`; or by the rule in `recurs`, see `slo.Recurrence`."""

    class Kind(models.TextChoices):
        MAINTENANCE = "maintenance", "planned work"
        FORCE_MAJEURE = "force_majeure", "force majeure"
        SOURCE_OUTAGE = "source_outage", "outage of a source"

    class State(models.TextChoices):
        ASKED = "asked", "waits for approval"
        APPROVED = "approved", "agreed"
        DECLINED = "declined", "declined"

    customer = models.ForeignKey("customers.Customer", models.CASCADE)
    sli = models.CharField(max_length=30, blank=True, help_text="Blank: all promises.")
    kind = models.CharField(max_length=13, choices=Kind, default=Kind.MAINTENANCE)
    text = models.CharField(max_length=200, help_text="In the customer's words.")
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    recurs = models.JSONField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asked_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was declined.")
    ended_at = models.DateTimeField(null=True, help_text="When what returns was ended.")
    meant_until = models.DateField(null=True, help_text="Until when it was to return before that.")

    customer_may_call = OWN_AGREED_TIME

    class Meta:
        ordering = ["-id"]
