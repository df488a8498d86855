"""A link by which a customer enters the keys of one endpoint, once, without a login."""

from django.db import models
from django.db.models.functions import Now

from integrations.models.endpoint import Endpoint


class SecretLink(models.Model):
    """Of the link itself only a hash is kept: who reads the database cannot use it."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="secret_links")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, in hex.")
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
