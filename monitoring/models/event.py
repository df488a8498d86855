"""What happened to a case."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from monitoring.models.case import ExceptionCase
from portal.tenants.rows import OwnFunction

# Of the log a customer reads what was written for them, and nothing else.
OWN_CASE_NOTES = OwnFunction(
    name="own_case_notes",
    columns="customer_id bigint, case_number bigint, at timestamptz, text text",
    select="""
        SELECT c.customer_id, c.number, e.at, e.text::text FROM monitoring_caseevent e
        JOIN monitoring_exceptioncase c ON c.number = e.case_id WHERE e.for_customer
    """,
)


class CaseEvent(models.Model):
    """Opened, joined by documents, acted on, closed: one row each."""

    case = models.ForeignKey(ExceptionCase, models.CASCADE, related_name="events")
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80, blank=True)
    action = models.CharField(max_length=30)
    text = models.CharField(max_length=500)
    for_customer = models.BooleanField(default=False, help_text="The customer reads it, too.")
    documents = models.PositiveIntegerField(default=0)
    messages = ArrayField(
        models.UUIDField(), default=list, help_text="The frozen list it was done to."
    )

    customer_may_call = OWN_CASE_NOTES

    class Meta:
        ordering = ["-id"]
