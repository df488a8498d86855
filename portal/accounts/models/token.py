"""Keys with which programs ask in a person's name."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class ApiToken(models.Model):
    """What a program may do in the name of whoever made it, and until when. Only a hash is kept.

    With `customer_id` it works like a person of that customer, under their row limit; with `endpoint_id`
    besides, it is the key of an application of theirs. Both are ids and not relations: in the public
    schema there are neither customers nor endpoints.
    """

    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens",
        help_text="It never does more than this person may, and dies with them.",
    )  # fmt: skip
    created_by = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True, help_text="pat_ and 8 public characters.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the whole token, in hex.")
    permissions = ArrayField(models.CharField(max_length=40), help_text="Its scopes.")
    customer_id = models.BigIntegerField(null=True, blank=True)
    endpoint_id = models.BigIntegerField(
        null=True, blank=True, help_text="The application whose key it is."
    )
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True, help_text="Noted at most once a minute.")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)
    bucket = models.JSONField(null=True, help_text="portal.core.bucket: what it may still ask.")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_live(self, *, now: datetime) -> bool:
        """Whether it opens anything at `now`."""
        return self.revoked_at is None and now < self.expires_at


class KeptAnswer(models.Model):
    """What was answered to a request with an `Idempotency-Key`: a repeat gets the same, for a day."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.ForeignKey(ApiToken, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64, help_text="Of method, address and body.")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.JSONField(null=True)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "token", "key"], name="one_answer_a_key", nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["kept_at"], name="kept_answer_by_time")]
