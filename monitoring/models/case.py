"""Problems with one cause, waiting for a person."""

from uuid import UUID, uuid5

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

_ENDPOINT_CASES = UUID("0b6f9a53-0d6e-5b0f-8a56-2f7b6d1d9e10")


def endpoint_fingerprint(endpoint_id: int) -> UUID:
    """The cause "this endpoint cannot be reached"."""
    return uuid5(_ENDPOINT_CASES, str(endpoint_id))


class ExceptionCase(models.Model):
    """One cause. Its problems are those with its fingerprint; the counts are kept with them."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        WAITING = "waiting", "waiting"
        RESOLVED = "resolved", "resolved"
        SKIPPED = "skipped", "skipped"

    OPEN_STATES = (State.OPEN, State.WAITING)

    number = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", models.CASCADE, db_index=False)
    endpoint = models.ForeignKey("integrations.Endpoint", models.CASCADE)
    fingerprint = models.UUIDField()
    code = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField()
    object_type = models.CharField(max_length=20, blank=True)
    path = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300)
    customer_title = models.CharField(max_length=300, help_text="In the customer's words.")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    documents = models.PositiveIntegerField(
        default=0, help_text="Held documents now; of a closed case, the most it held."
    )
    at_risk = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    most_documents = models.PositiveIntegerField(default=0)
    most_at_risk = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    currency = models.CharField(max_length=3, blank=True)
    opened_at = models.DateTimeField(db_default=Now())
    last_seen_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=300, blank=True)

    customer_may_read = "customer_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                name="one_open_case_per_cause",
                condition=models.Q(state__in=("open", "waiting")),
            )
        ]
        indexes = [
            models.Index(fields=["customer", "-number"], name="case_of_customer"),
            models.Index(
                fields=["severity", "opened_at"],
                name="case_open",
                condition=models.Q(state__in=("open", "waiting")),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"C-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES

    @property
    def is_of_endpoint(self) -> bool:
        """It is about an endpoint that cannot be reached, not about documents."""
        return self.fingerprint == endpoint_fingerprint(self.endpoint_id)


class CaseEvent(models.Model):
    """What happened to a case: opened, joined by documents, acted on, closed."""

    case = models.ForeignKey(ExceptionCase, models.CASCADE, related_name="events")
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80, blank=True)
    action = models.CharField(max_length=30)
    text = models.CharField(max_length=500)
    documents = models.PositiveIntegerField(default=0)
    messages = ArrayField(
        models.UUIDField(), default=list, help_text="The frozen list it was done to."
    )

    class Meta:
        ordering = ["-id"]
