"""Remedies that were right so often that they are proposed, or applied, by themselves."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from monitoring.rules import Limits, Pattern


class RemedyRule(models.Model):
    """What to do about cases of one kind, how far it may go by itself, and how well it did."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "proposed"
        SUGGESTING = "suggesting", "suggests"
        ACTING = "acting", "acts by itself"
        OFF = "off", "switched off"

    AT_WORK = (State.SUGGESTING, State.ACTING)

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, help_text="Null: all customers."
    )
    code = models.CharField(max_length=40)
    path = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200, blank=True)
    remedy = models.CharField(max_length=20)
    terms = models.JSONField(default=dict)
    words = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    most_documents = models.PositiveIntegerField(default=50, help_text="Of one case; more: ask.")
    most_amount = models.DecimalField(max_digits=18, decimal_places=4, default=2000)
    most_per_day = models.PositiveIntegerField(default=50, help_text="Documents a day.")
    expires_at = models.DateTimeField(null=True)
    suggestions_needed = models.PositiveIntegerField(
        default=30, help_text="Right ones in a row, before anybody may let it act."
    )
    evidence = models.JSONField(
        default=dict, help_text="What it would have done; see domain.rule_evidence."
    )
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField(db_default=Now())
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    judged_from = models.DateTimeField(
        db_default=Now(), help_text="What went wrong before does not count any more."
    )
    right = models.PositiveIntegerField(
        default=0, help_text="Suggestions that were right since the last that was not."
    )
    fired = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    reversed = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0, help_text="Documents that were held again.")
    declined = models.PositiveIntegerField(
        default=0, help_text="Cases that people resolved otherwise while it suggested."
    )
    handed_back = models.PositiveIntegerField(
        default=0, help_text="Cases it left to people because not everything would have passed."
    )
    last_fired_at = models.DateTimeField(null=True)
    minutes_saved = models.FloatField(default=0)
    off_reason = models.CharField(max_length=300, blank=True)
    off_by = models.CharField(max_length=80, blank=True, help_text="Blank: it did so itself.")
    off_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["code"],
                name="rule_at_work",
                condition=models.Q(state__in=("suggesting", "acting")),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"R-{self.pk}"

    @property
    def name(self) -> str:
        """Who did it, in the log of a case."""
        return f"Rule {self.label}"

    @property
    def pattern(self) -> Pattern:
        return Pattern(self.customer_id, self.code, self.path, self.value)

    @property
    def limits(self) -> Limits:
        return Limits(self.most_documents, self.most_amount, self.most_per_day, self.expires_at)


class RuleStep(models.Model):
    """What happened to a rule: proposed, tried, approved, fired, reversed, switched off."""

    rule = models.ForeignKey(RemedyRule, models.CASCADE, related_name="steps")
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=500)
    cases = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering = ["-id"]
