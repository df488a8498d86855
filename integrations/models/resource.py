"""Tables, views and kinds of files of an endpoint that are published as resources of the API."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now

from integrations.models.endpoint import Endpoint
from portal.customers.models import Customer

RESOURCE_SLUG = RegexValidator(
    r"^[a-z][a-z0-9-]{0,39}$", "Use up to 40 small letters, digits and -, a letter first."
)


class Resource(models.Model):
    """What of one table, view or kind of file is offered, and how far that has come.

    `definition` holds for callers, `draft` is what somebody is writing; see `integrations.resources`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "not published yet"
        PUBLISHED = "published", "published"
        RETIRED = "retired", "retired"

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="resources")
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="resources")
    slug = models.CharField(max_length=40, validators=[RESOURCE_SLUG])
    label = models.CharField(max_length=80)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    definition = models.JSONField(null=True)
    with_offset = models.JSONField(
        default=list, help_text="Columns of the definition that keep times with their offset."
    )
    draft = models.JSONField(null=True)
    edition = models.PositiveIntegerField(default=1, help_text="Grows with each save of the draft.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    author_name = models.CharField(max_length=80)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=80, blank=True)
    retired_at = models.DateTimeField(null=True)
    cursor = models.JSONField(
        default=dict, help_text="Where following its changes goes on; see resources.changes."
    )
    due_at = models.DateTimeField(null=True, help_text="When it is looked for changes next.")
    content = models.CharField(
        max_length=64, blank=True, help_text="Of files: the SHA-256 of the one that callers read."
    )
    failures = models.PositiveSmallIntegerField(default=0, help_text="Of looks in a row.")
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    customer_may_read = "customer_id"

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "slug"], name="one_resource_slug")
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="resource_due", condition=models.Q(due_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.slug})"


class ResourceStep(models.Model):
    """One step of a resource's life, with the definition that came of it where one did."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="steps")
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80)
    verb = models.CharField(max_length=20)
    text = models.CharField(max_length=300, blank=True)
    definition = models.JSONField(null=True)

    class Meta:
        ordering = ["-id"]


class ResourceRow(models.Model):
    """A row that a caller had made, or that was refused to them: who, when, which."""

    class Outcome(models.TextChoices):
        MADE = "made", "made"
        THERE = "there", "was there and says the same"
        OTHER = "other", "was there and says something else"
        REFUSED = "refused", "refused by the system"

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="rows", db_index=False)
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80)
    token = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=200, blank=True)
    digest = models.CharField(
        max_length=20, blank=True, help_text="Of what was given: whether a repeat says the same."
    )
    outcome = models.CharField(max_length=7, choices=Outcome)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["resource", "-id"], name="resource_rows")]


class ResourceHour(models.Model):
    """How often a resource was asked in one hour, and for how many rows."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="hours", db_index=False)
    hour = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "hour"], name="one_resource_hour")
        ]
