"""One question that a customer answers, with or without signing in."""

from django.db import models
from django.db.models.functions import Now

from monitoring.models.case import ExceptionCase

OPEN = models.Q(answered_at__isnull=True, revoked_at__isnull=True, lapsed_at__isnull=True)


class CaseQuestion(models.Model):
    """What was asked, and what each answer does. Of the link only a hash is kept."""

    class Form(models.TextChoices):
        YES_NO = "yes_no", "yes or no"
        CHOICE = "choice", "one of several"
        TEXT = "text", "in words"

    case = models.ForeignKey(ExceptionCase, models.CASCADE, related_name="questions")
    customer = models.ForeignKey("customers.Customer", models.CASCADE)
    text = models.CharField(max_length=300, help_text="In the customer's words.")
    form = models.CharField(max_length=6, choices=Form, default=Form.YES_NO)
    options = models.JSONField(
        default=list,
        help_text="[{label, remedy, terms, words}]: what each answer does; no remedy: a person looks.",
    )
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, in hex.")
    email = models.EmailField(blank=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, help_text="When the link was first looked at.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="Answers that fitted nothing.")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    revoked_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True, help_text="When its time was seen to be over.")
    fix = models.ForeignKey(
        "monitoring.Fix", models.SET_NULL, null=True, related_name="+", help_text="What it began."
    )

    customer_may_read = "customer_id"

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="one_open_question_per_case", condition=OPEN
            )
        ]
        indexes = [models.Index(fields=["expires_at"], name="question_open", condition=OPEN)]
