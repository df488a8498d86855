"""A change on its way: draft, evidence, approval, live, watched, rolled back."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from integrations.models.version import Kind, Version
from portal.customers.models import Customer


class ChangeRequest(models.Model):
    """One subject's next content, with who wrote it, what it would do, and who let it through."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        ASKED = "asked", "waiting for approval"
        APPROVED = "approved", "approved"
        LIVE = "live", "live"
        ROLLED_BACK = "rolled_back", "rolled back"
        REFUSED = "refused", "sent back"
        WITHDRAWN = "withdrawn", "withdrawn"

    OPEN = (State.DRAFT, State.ASKED, State.APPROVED, State.REFUSED)

    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        null=True,
        related_name="changes",
        help_text="Null: the partner's.",
    )
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    base = models.ForeignKey(
        Version, models.PROTECT, null=True, related_name="+", help_text="Live when it was begun."
    )
    content = models.JSONField(null=True)
    edition = models.PositiveIntegerField(default=1, help_text="Grows with each save of the draft.")
    reason = models.CharField(max_length=300, blank=True)
    evidence = models.JSONField(null=True, help_text="What replay showed; see domain.evidence.")
    evidence_of = models.CharField(
        max_length=140, blank=True, help_text="Digests of draft and base the evidence is about."
    )
    testing = models.JSONField(
        null=True, help_text="While evidence is gathered: {done, of, failed}."
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    author_name = models.CharField(max_length=80)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    approver_name = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    publish_at = models.DateTimeField(null=True, help_text="Not before; null: when asked to.")
    published_at = models.DateTimeField(null=True)
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, related_name="changes", help_text="What it became."
    )
    watch_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "-id"], name="change_by_state")]

    def __str__(self) -> str:
        return f"CR-{self.pk}"


class ChangeEvent(models.Model):
    """One step of a change request, or a remark on it."""

    change = models.ForeignKey(ChangeRequest, models.CASCADE, related_name="events")
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80)
    verb = models.CharField(max_length=20)
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
