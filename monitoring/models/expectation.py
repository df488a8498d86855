"""What is expected of each feed, flow and next document, and the silences there were."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from monitoring.expect.days import Mark


class Expectation(models.Model):
    """One thing that should keep coming: what a person said of it, what was learned, how it stands."""

    class Kind(models.TextChoices):
        FEED = "feed", "what comes"
        FLOW = "flow", "what goes"
        TRANSMIT = "transmit", "order sent → accepted"
        ACKNOWLEDGE = "acknowledge", "sent → acknowledged"
        SHIP = "ship", "accepted → shipped"
        CONFIRM = "confirm", "shipped → told"
        INVOICE = "invoice", "shipped → invoiced"

    class Mode(models.TextChoices):
        LEARNED = "learned", "as learned"
        GIVEN = "given", "as agreed"
        OFF = "off", "nothing"

    class State(models.TextChoices):
        LEARNING = "learning", "learning"
        WELL = "well", "as expected"
        DUE = "due", "due"
        LATE = "late", "silent"
        EXPLAINED = "explained", "explained"
        OFF = "off", "not expected"

    LEGS = (Kind.TRANSMIT, Kind.ACKNOWLEDGE, Kind.SHIP, Kind.CONFIRM, Kind.INVOICE)

    customer = models.ForeignKey("customers.Customer", models.CASCADE)
    endpoint = models.ForeignKey(
        "integrations.Endpoint", models.CASCADE, help_text="Whose silence it would be."
    )
    flow = models.ForeignKey("integrations.Flow", models.CASCADE, null=True)
    kind = models.CharField(max_length=11, choices=Kind)
    object_type = models.CharField(max_length=20, blank=True)
    mode = models.CharField(max_length=7, choices=Mode, default=Mode.LEARNED)
    schedule = models.JSONField(null=True, help_text="Agreed: see expect.profile_json.")
    lag_minutes = models.PositiveIntegerField(null=True, help_text="Agreed, of a next document.")
    grace_minutes = models.PositiveIntegerField(default=0)
    in_hours = models.BooleanField(
        default=False, help_text="A lag counts the customer's business hours alone."
    )
    reason = models.CharField(max_length=200, blank=True, help_text="Why a person changed it.")
    changed_by = models.CharField(max_length=80, blank=True)
    changed_at = models.DateTimeField(null=True)
    profile = models.JSONField(null=True)
    rhythm = models.JSONField(null=True, help_text="The schedule it keeps by itself.")
    lag = models.JSONField(null=True)
    learned_at = models.DateTimeField(null=True)
    learn_at = models.DateTimeField(db_default=Now(), help_text="When to learn it anew.")
    state = models.CharField(max_length=9, choices=State, default=State.LEARNING)
    said = models.CharField(max_length=300, blank=True, help_text="Why it is in its state.")
    last_at = models.DateTimeField(null=True, help_text="When the last came.")
    due_at = models.DateTimeField(null=True, help_text="When nothing more would be silence.")
    look_at = models.DateTimeField(db_default=Now(), help_text="Before that nothing can be late.")
    counted_at = models.DateTimeField(
        null=True, help_text="Up to when its documents were counted and were enough."
    )

    class Meta:
        ordering = ["customer__name", "endpoint__label", "kind", "object_type", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "endpoint", "flow", "object_type"],
                name="one_expectation",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(fields=["look_at"], name="expectation_look"),
            models.Index(fields=["learn_at"], name="expectation_learn"),
        ]

    @property
    def is_leg(self) -> bool:
        return self.kind in self.LEGS

    @property
    def is_off(self) -> bool:
        return self.mode == self.Mode.OFF


class Silence(models.Model):
    """From when to when something was missing, how it was decided, and what probably was the cause."""

    expectation = models.ForeignKey(Expectation, models.CASCADE, related_name="silences")
    code = models.CharField(max_length=40)
    began_at = models.DateTimeField(help_text="The last that came, or the oldest that waits.")
    window_ended_at = models.DateTimeField(help_text="When it could be decided.")
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When it was brought up to date.")
    ended_at = models.DateTimeField(null=True)
    title = models.CharField(max_length=300)
    decided = models.CharField(max_length=300, help_text="In numbers, as they were then.")
    said = models.CharField(max_length=300, help_text="The same as of `seen_at`.")
    expected = models.FloatField(null=True, help_text="Documents, when it was decided.")
    seen = models.PositiveIntegerField(null=True, help_text="Of these.")
    documents = models.PositiveIntegerField(default=0, help_text="That wait for it.")
    at_risk = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    currency = models.CharField(max_length=3, blank=True)
    causes = models.JSONField(
        default=list, help_text="Most probable first: {code, party, sure, sentence, lines}."
    )
    fingerprint = models.UUIDField(help_text="Of its case; several may share one.")
    case = models.ForeignKey(
        "monitoring.ExceptionCase", models.SET_NULL, null=True, related_name="silences"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["expectation"],
                name="one_open_silence_per_expectation",
                condition=models.Q(ended_at__isnull=True),
            )
        ]
        indexes = [models.Index(fields=["fingerprint"], name="silence_by_fingerprint")]


class MarkedDays(models.Model):
    """Days on which a customer's traffic is not as usual, because a person said so."""

    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="marked_days")
    first = models.DateField()
    last = models.DateField()
    factor = models.DecimalField(
        max_digits=6, decimal_places=2, null=True, help_text="Times the usual; null: not known."
    )
    reason = models.CharField(max_length=120)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    author_name = models.CharField(max_length=80)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-first", "-id"]

    @property
    def mark(self) -> Mark:
        factor = None if self.factor is None else float(self.factor)
        return Mark(self.first, self.last, factor, self.reason)
