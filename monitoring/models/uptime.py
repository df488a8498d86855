"""When we were at work ourselves."""

from django.db import models


class Uptime(models.Model):
    """A stretch of time in which our workers looked in regularly. Between two of them we were down."""

    began_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["last_at"], name="uptime_by_end")]
