"""Monthly statements of what was promised and what was delivered; sealed ones never change.

The database itself refuses to change or remove what is sealed (`keep_sealed` in the migration):
corrections are adjustments.
"""

from django.db import models
from django.db.models.functions import Now

from monitoring.seal import Link, Signature
from monitoring.statements import words
from monitoring.statements.content import Content
from monitoring.statements.reading import read
from portal.core.bytes_field import Bytes
from portal.customers.models import Customer


class Statement(models.Model):
    """One customer's month. A draft is made anew until it is sealed."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        SEALED = "sealed", "sealed"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="statements")
    period = models.CharField(max_length=7, help_text="YYYY-MM, by the customer's calendar.")
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    number = models.PositiveIntegerField(
        null=True, help_text="Once sealed: counts the customer's statements, from 1."
    )
    content = Bytes(help_text="Canonical JSON of monitoring.statements.content.Content.")
    hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the content, in hex.")
    previous = models.CharField(max_length=64, blank=True, help_text="The hash of the one before.")
    key = models.CharField(max_length=64, blank=True, help_text="The public key that signed it.")
    signature = models.CharField(max_length=128, blank=True)
    summary = models.JSONField(
        default=dict,
        help_text="{kept, of, percent, amount, currency}: what lists show of the content.",
    )
    evidence_list = Bytes(default=b"[]", help_text="JSON: (kind, id, hash) of every row.")
    built_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.CharField(max_length=80, blank=True, help_text="Blank: at its time.")

    customer_may_read = "customer_id"

    class Meta:
        ordering = ["-period", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "period"], name="one_statement_a_month"),
            models.UniqueConstraint(fields=["customer", "number"], name="one_statement_number"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """`April 2026`"""
        return words.month(self.period)

    @property
    def is_sealed(self) -> bool:
        return self.state == self.State.SEALED

    @property
    def said(self) -> Content:
        """What it says. UnreadableStatementError for bytes that are no statement."""
        return read(bytes(self.content))

    @property
    def link(self) -> Link:
        """As a member of its chain."""
        signature = Signature(self.key, self.signature)
        return Link(
            self.number or 0, self.name, bytes(self.content), self.hash, self.previous, signature
        )


class StatementEvidence(models.Model):
    """One record that a sealed statement was counted from, as it was then."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="evidence")
    customer = models.ForeignKey(Customer, models.PROTECT, db_index=False)
    kind = models.CharField(max_length=60)
    name = models.CharField(max_length=200, help_text="The record's own id.")
    fields = models.JSONField()

    customer_may_read = "customer_id"

    class Meta:
        ordering = ["statement", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "kind", "name"], name="one_evidence_of_a_name"
            )
        ]


class StatementAdjustment(models.Model):
    """A correction: written by one person, approved and thereby signed by another."""

    class State(models.TextChoices):
        ASKED = "asked", "waiting for approval"
        SIGNED = "signed", "signed"
        REFUSED = "refused", "refused"

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="adjustments")
    customer = models.ForeignKey(Customer, models.PROTECT, db_index=False)
    state = models.CharField(max_length=7, choices=State, default=State.ASKED)
    changes = models.JSONField(help_text="[{path, before, after}]")
    reason = models.CharField(max_length=300, help_text="The customer reads it.")
    author = models.PositiveBigIntegerField(
        help_text="The person's id. No foreign key: what is signed does not change when they leave."
    )
    author_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    number = models.PositiveIntegerField(null=True, help_text="Once signed; from 1 per statement.")
    approver = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    hash = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, blank=True, help_text="The hash of the one before.")
    key = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=128, blank=True)

    customer_may_read = "customer_id"

    class Meta:
        ordering = ["statement", "id"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "number"], name="one_adjustment_number")
        ]


class StatementEvent(models.Model):
    """What happened to a statement: built, sealed, checked, approved, sent, corrected. Added to, never
    changed."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="events")
    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False)
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80, blank=True, help_text="Blank: at its time.")
    verb = models.CharField(max_length=20)
    text = models.CharField(max_length=500, blank=True)

    APPROVED, SENT, UNSENT = "approved", "sent", "unsent"

    customer_may_read = "customer_id"

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["statement", "verb"], name="statement_event")]
