"""What happened, and on its way to whom it is."""

from django.db import models

from portal.webhooks.models.webhook import Webhook, WebhookReplay


class WebhookEvent(models.Model):
    """Something that happened and that a receiver wants to hear of. `body` goes out as it is.

    `place` is where it stands among those of its customer, for whoever reads them one after the other. It is
    given once the event is committed, see `domain.feed`.
    """

    id = models.UUIDField(primary_key=True, help_text="In the order of time.")
    type = models.CharField(max_length=40)
    customer = models.ForeignKey(
        "customers.Customer", models.DO_NOTHING, null=True, db_constraint=False, db_index=False
    )
    body = models.TextField()
    place = models.BigIntegerField(null=True)

    customer_may_read = "customer_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "place"], name="one_event_at_a_place")
        ]
        indexes = [
            models.Index(
                fields=["customer", "id"],
                name="event_without_place",
                condition=models.Q(place__isnull=True, customer__isnull=False),
            )
        ]

    @property
    def message_id(self) -> str:
        """The id that receivers see, the same in every try and in what is sent again."""
        return f"evt_{self.pk.hex}"


class WebhookDelivery(models.Model):
    """One event for one receiver, with what came of it last."""

    class State(models.TextChoices):
        WAITING = "waiting", "to be sent"
        SENT = "sent", "delivered"
        FAILED = "failed", "given up"

    event = models.ForeignKey(WebhookEvent, models.CASCADE, related_name="deliveries")
    webhook = models.ForeignKey(Webhook, models.CASCADE, db_index=False, related_name="deliveries")
    replay = models.ForeignKey(
        WebhookReplay, models.SET_NULL, null=True, db_index=False, related_name="deliveries"
    )
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_milliseconds = models.PositiveIntegerField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    asked_by = models.CharField(
        max_length=80, blank=True, help_text="Who had it sent again; blank: it happened."
    )

    class Meta:
        indexes = [
            models.Index(fields=["webhook", "-id"], name="webhook_log"),
            models.Index(
                fields=["webhook", "due_at"],
                name="webhook_due",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                fields=["webhook", "-id"],
                name="webhook_given_up",
                condition=models.Q(state="failed"),
            ),
            models.Index(
                fields=["replay", "state"],
                name="webhook_replayed",
                condition=models.Q(replay__isnull=False),
            ),
        ]


class WebhookAttempt(models.Model):
    """One try: when, what was answered, and how long that took."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, help_text="Null: nothing answered.")
    milliseconds = models.PositiveIntegerField()
    error = models.CharField(max_length=300, blank=True)
    answer = models.TextField(blank=True, help_text="Its first bytes, without what looks secret.")

    class Meta:
        ordering = ["id"]
