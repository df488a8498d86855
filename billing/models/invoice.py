"""Invoices and credit notes. What is final never changes: the database refuses it.

`content` is the canonical bytes of `billing.invoices.content.Content`. Rows of `InvoiceLine` say the same
of each line in short, so that later invoices can ask what was billed already.
"""

from django.db import models
from django.db.models.functions import Now

from billing.models.account import Account
from billing.models.seller import LegalEntity
from billing.models.subscription import Credit
from portal.core.bytes_field import Bytes


class InvoiceRun(models.Model):
    """The drafts of a month for every account; one at a time. It goes on where it was stopped."""

    class State(models.TextChoices):
        RUNNING = "running", "running"
        DONE = "done", "done"

    month = models.CharField(max_length=7)
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    made = models.PositiveIntegerField(default=0)
    last_account = models.BigIntegerField(default=0, help_text="It goes on after this one.")
    of = models.PositiveIntegerField()
    failed = models.JSONField(default=dict, help_text="{account: why}")
    started_by = models.CharField(max_length=80)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                name="one_invoice_run_at_once",
                condition=models.Q(state="running"),
            )
        ]


class Invoice(models.Model):
    """One account's month, or a correction of it."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", "invoice"
        CREDIT_NOTE = "credit_note", "credit note"

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        REVIEW = "review", "in review"
        FINAL = "final", "final"
        SENT = "sent", "sent"
        PAID = "paid", "paid"
        DISPUTED = "disputed", "disputed"
        VOID = "void", "void"

    OPEN = (State.DRAFT, State.REVIEW)
    STANDING = (State.FINAL, State.SENT, State.PAID, State.DISPUTED)

    account = models.ForeignKey(Account, models.PROTECT, related_name="invoices")
    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="invoices")
    kind = models.CharField(max_length=11, choices=Kind, default=Kind.INVOICE)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    month = models.CharField(max_length=7)
    number = models.CharField(max_length=30, null=True, help_text="Once it is final.")
    content = Bytes()
    hash = models.CharField(max_length=64, help_text="SHA-256 of the content, in hex.")
    currency = models.CharField(max_length=3)
    net = models.DecimalField(max_digits=18, decimal_places=4)
    total = models.DecimalField(max_digits=18, decimal_places=4)
    due = models.DecimalField(max_digits=18, decimal_places=4)
    due_on = models.DateField(null=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="credit_notes")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    made_at = models.DateTimeField()
    final_at = models.DateTimeField(null=True)
    shown_to = models.BigIntegerField(
        null=True, help_text="The customer who may see it: from sending on, and not before."
    )

    customer_may_read = "shown_to"

    class Meta:
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "number"], name="one_invoice_number"),
            models.UniqueConstraint(
                fields=["account", "month"], name="one_invoice_a_month",
                condition=models.Q(kind="invoice") & ~models.Q(state="void"),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["account", "state"], name="invoice_of_account")]

    def __str__(self) -> str:
        return self.number or f"Draft {self.month}"


class InvoiceLine(models.Model):
    """What a final invoice bills, in short. `fee` is the fee's key in its month."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False)
    key = models.CharField(max_length=160)
    origin = models.CharField(max_length=12)
    name = models.CharField(max_length=160)
    subscription = models.PositiveBigIntegerField()
    service = models.CharField(max_length=7, help_text="The month that is charged.")
    fee = models.CharField(max_length=80)
    metric = models.CharField(max_length=40, blank=True)
    quantity = models.DecimalField(max_digits=26, decimal_places=8, null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        ordering = ["invoice", "id"]
        constraints = [models.UniqueConstraint(fields=["invoice", "key"], name="one_invoice_line")]
        indexes = [models.Index(fields=["account", "service"], name="billed_of_account")]


class CreditUse(models.Model):
    """What a final invoice used of a credit."""

    credit = models.ForeignKey(Credit, models.PROTECT, related_name="uses")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="credit_uses")
    amount = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["credit", "invoice"], name="one_use_of_a_credit")
        ]


class InvoiceEvent(models.Model):
    """What happened to an invoice. Added to, never changed."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="events")
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80, blank=True, help_text="Blank: by itself.")
    verb = models.CharField(max_length=20)
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
