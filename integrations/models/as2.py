"""AS2 messages both ways, each with the receipt that proves what became of it."""

from django.db import models
from django.db.models.functions import Now


class As2Came(models.Model):
    """A message of a partner that was taken, and the receipt it was given: a repeat gets the same one."""

    endpoint = models.ForeignKey("integrations.Endpoint", models.CASCADE)
    message_id = models.CharField(max_length=1000)
    mic = models.CharField(max_length=100, help_text="The integrity check, in base64.")
    mic_algorithm = models.CharField(max_length=20)
    receipt_headers = models.JSONField(null=True, help_text="Null: none was asked for.")
    receipt_body = models.BinaryField(null=True)
    deliver_to = models.CharField(max_length=2000, default="", help_text="Empty: in the answer.")
    due_at = models.DateTimeField(null=True, help_text="When the receipt is posted (again).")
    attempts = models.PositiveSmallIntegerField(default=0)
    posted_at = models.DateTimeField(null=True, help_text="When the partner took the receipt.")
    said = models.CharField(max_length=300, default="", help_text="Why the last try failed.")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "message_id", "mic", "mic_algorithm"], name="one_as2_message"
            )
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "due_at"],
                name="as2_receipt_due",
                condition=models.Q(due_at__isnull=False),
            )
        ]


class As2Went(models.Model):
    """A message of ours, and the partner's receipt as it came. Made before the message is sent."""

    class State(models.TextChoices):
        SENDING = "sending", "not known to have arrived"
        AWAITED = "awaited", "its receipt comes later"
        PROVEN = "proven", "a receipt proves it"
        REFUSED = "refused", "a receipt refuses it"
        UNASKED = "unasked", "no receipt was asked for"

    endpoint = models.ForeignKey("integrations.Endpoint", models.CASCADE)
    message_id = models.CharField(max_length=260)
    interchange = models.ForeignKey(
        "integrations.Interchange", models.CASCADE, help_text="The file in it."
    )
    state = models.CharField(max_length=8, choices=State, default=State.SENDING)
    expected = models.JSONField(null=True, help_text="What its receipt has to say.")
    receipt_headers = models.JSONField(null=True)
    receipt_body = models.BinaryField(null=True)
    receipt_at = models.DateTimeField(null=True)
    unread = models.BooleanField(default=False, help_text="A receipt came and was not judged yet.")
    said = models.CharField(max_length=500, default="", help_text="The partner's words.")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "message_id"], name="one_as2_message_out")
        ]
        indexes = [
            models.Index(
                fields=["endpoint"], name="as2_receipt_unread", condition=models.Q(unread=True)
            )
        ]
