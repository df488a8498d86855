"""Problems with one cause, waiting for a person."""

from uuid import UUID, uuid5

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

_ENDPOINT_CASES = UUID("0b6f9a53-0d6e-5b0f-8a56-2f7b6d1d9e10")


def endpoint_fingerprint(endpoint_id: int) -> UUID:
    """The cause "this endpoint cannot be reached"."""
    return uuid5(_ENDPOINT_CASES, str(endpoint_id))


class ExceptionCase(models.Model):
    """One cause, or several that were merged: its problems are those with its causes' fingerprints,
    and the counts are kept with them."""

    class State(models.TextChoices):
        NEW = "new", "new"
        OPEN = "open", "open"
        REGRESSED = "regressed", "came back"
        WAITING = "waiting", "waiting"
        SNOOZED = "snoozed", "snoozed"
        RESOLVED = "resolved", "resolved"
        SKIPPED = "skipped", "skipped"

    class Party(models.TextChoices):
        US = "us", "us"
        CUSTOMER = "customer", "the customer"
        THIRD_PARTY = "third_party", "a third party"

    class Origin(models.TextChoices):
        """What the case is about, and with it what there is to see and to do."""

        DOCUMENTS = "documents", "documents"
        ENDPOINT = "endpoint", "endpoint"
        SILENCE = "silence", "something missing"
        RECONCILIATION = "recon", "difference"
        BUDGET = "budget", "promise"
        BOOKS = "books", "our books"
        CHANNEL = "channel", "alert channel"
        BILLING = "billing", "billing"
        ASKED = "asked", "asked by the customer"
        EXPIRY = "expiry", "certificate"

    # No affair of any customer: how we tell ourselves, and what we fail to bill.
    INTERNAL = (Origin.CHANNEL, Origin.BILLING)
    # What customers are told nothing of: that, and our own promise to them.
    OWN = (Origin.BUDGET, *INTERNAL)
    # What is wrong with no document of theirs: that, and what they ask us themselves.
    NO_TROUBLE = (*OWN, Origin.ASKED)
    TO_WORK = (State.NEW, State.OPEN, State.REGRESSED)
    OPEN_STATES = (*TO_WORK, State.WAITING, State.SNOOZED)
    UNSEEN = (State.NEW, State.REGRESSED)
    # A receiver of events goes with the alert channels: both are ways out that take nothing.
    WEBHOOK_OFF = "webhook_off"

    number = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", models.CASCADE, db_index=False)
    endpoint = models.ForeignKey("integrations.Endpoint", models.CASCADE)
    fingerprint = models.UUIDField(help_text="Of the cause it was opened for.")
    origin = models.CharField(max_length=9, choices=Origin, default=Origin.DOCUMENTS)
    code = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField()
    object_type = models.CharField(max_length=20, blank=True)
    path = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300)
    customer_title = models.CharField(max_length=300, help_text="In the customer's words.")
    state = models.CharField(max_length=9, choices=State, default=State.NEW)
    edition = models.PositiveIntegerField(
        default=1, help_text="Grows with everything a person does to the case."
    )
    evidence = models.JSONField(
        default=dict,
        help_text="Of a finding: {lines: [[label, text]], url}. Documents are evidence themselves.",
    )
    documents = models.PositiveIntegerField(
        default=0, help_text="Held documents now; of a closed case, the most it held."
    )
    at_risk = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    most_documents = models.PositiveIntegerField(default=0)
    most_at_risk = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    currency = models.CharField(max_length=3, blank=True)
    cutoff_at = models.DateTimeField(null=True, help_text="The first cut-off of what it holds.")
    cutoff_site = models.CharField(max_length=20, blank=True)
    cutoff_documents = models.PositiveIntegerField(
        default=0, help_text="How many of its documents have that cut-off."
    )
    waiting_on = models.CharField(max_length=11, choices=Party, blank=True)
    waiting_reason = models.CharField(max_length=200, blank=True)
    snoozed_until = models.DateTimeField(null=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    team = models.ForeignKey("monitoring.Team", models.SET_NULL, null=True, related_name="+")
    tags = ArrayField(models.CharField(max_length=30), default=list)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")
    opened_at = models.DateTimeField(db_default=Now())
    began_at = models.DateTimeField(
        db_default=Now(), help_text="When its clocks began: opened, or came back."
    )
    times_back = models.PositiveSmallIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledge_due = models.DateTimeField(null=True)
    acknowledge_warn_at = models.DateTimeField(
        null=True, help_text="75 % of the time are used then; null once it was told."
    )
    resolve_due = models.DateTimeField(null=True, help_text="Null while the clock is paused.")
    resolve_warn_at = models.DateTimeField(null=True)
    usual_minutes = models.FloatField(
        default=240, help_text="What the middle case of its kind needs from opening to its end."
    )
    last_seen_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=300, blank=True)

    customer_may_read = "customer_id"

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-number"], name="case_of_customer"),
            models.Index(
                fields=["severity", "opened_at"],
                name="case_open",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["code", "-closed_at"],
                name="case_of_code",
                condition=models.Q(closed_at__isnull=False),
            ),
            models.Index(
                fields=["-closed_at"],
                name="case_closed",
                condition=models.Q(closed_at__isnull=False),
            ),
            GinIndex(fields=["tags"], name="case_by_tag"),
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
        return self.origin == self.Origin.ENDPOINT

    @property
    def is_of_channel(self) -> bool:
        """It is about a channel of alerts; its customer and endpoint are those of the first alert that
        did not arrive."""
        return self.origin == self.Origin.CHANNEL

    @property
    def is_internal(self) -> bool:
        """No customer sees it, is asked about it or is counted with it."""
        return self.origin in self.INTERNAL

    @property
    def is_of_documents(self) -> bool:
        """It is about documents that are held or noted: they can be fixed, and the case can be merged."""
        return self.origin == self.Origin.DOCUMENTS

    @property
    def is_finding(self) -> bool:
        """It was found by looking at what should be there: it says so itself, see `evidence`."""
        return not (self.is_of_documents or self.is_of_endpoint)


class CaseCause(models.Model):
    """A fingerprint and the case that answers for it: while it is open, exactly one."""

    case = models.ForeignKey(ExceptionCase, models.CASCADE, related_name="causes")
    fingerprint = models.UUIDField()
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                name="one_open_case_per_cause",
                condition=models.Q(is_open=True),
            )
        ]
        indexes = [models.Index(fields=["fingerprint", "-id"], name="cause_by_fingerprint")]


class CaseSpan(models.Model):
    """Who has the ball, from when to when, and why: what the clocks are measured from."""

    case = models.ForeignKey(ExceptionCase, models.CASCADE, related_name="spans")
    party = models.CharField(max_length=11, choices=ExceptionCase.Party)
    reason = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                name="one_open_span_per_case",
                condition=models.Q(ended_at__isnull=True),
            )
        ]
