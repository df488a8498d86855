"""What was said to whom, and what became of it: the outbox of alerts and their log."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from integrations.models.sealed import SealedField
from monitoring.models.alert import Alert
from monitoring.models.alert_channel import AlertChannel
from monitoring.models.alert_rule import AlertRule


class AlertMessage(models.Model):
    """One telling to one receiver. Without a channel it is a mail to the person."""

    class State(models.TextChoices):
        WAITING = "waiting", "to be sent"
        HELD = "held", "kept for a digest"
        GATHERED = "gathered", "in a digest"
        SENT = "sent", "sent"
        FAILED = "failed", "not sent"
        DROPPED = "dropped", "not needed any more"

    purpose = models.CharField(max_length=12, help_text="See monitoring.alerting.content.")
    alert = models.ForeignKey(Alert, models.CASCADE, null=True, related_name="messages")
    rule = models.ForeignKey(AlertRule, models.SET_NULL, null=True, related_name="+")
    channel = models.ForeignKey(
        AlertChannel, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    receiver = models.CharField(max_length=200, help_text="Who it is for, in words.")
    lane = models.CharField(max_length=20, help_text="Which lane sends it: a channel's, or mail.")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    content = models.JSONField(help_text="What it says; of a held one, when it was put away.")
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    last_answer = models.CharField(max_length=300, blank=True)
    digest = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="gathered", help_text="What it came in."
    )
    link_hash = models.CharField(
        max_length=64, null=True, unique=True, help_text="SHA-256 of its link's token, in hex."
    )
    link = SealedField(null=True, help_text="The token, encrypted, until the message is sent.")
    link_ends_at = models.DateTimeField(null=True)
    link_used_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["lane", "due_at", "id"],
                name="alert_message_to_send",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                fields=["due_at"], name="alert_message_held", condition=models.Q(state="held")
            ),
            models.Index(fields=["channel", "-id"], name="alert_message_of_channel"),
            models.Index(fields=["person", "-id"], name="alert_message_of_person"),
        ]
