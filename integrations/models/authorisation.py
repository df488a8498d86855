"""A system's leave to act for whoever said yes on its own page."""

from django.db import models
from django.db.models.functions import Now

from integrations.models.endpoint import Endpoint
from integrations.models.sealed import SealedField


class Authorisation(models.Model):
    """The tokens of one endpoint. They change with every use of the refresh token: whoever renews them
    holds the row's lock from before the old one is sent until the new one is kept."""

    endpoint = models.OneToOneField(Endpoint, models.CASCADE, related_name="authorisation")
    sealed = SealedField(help_text="{access, refresh}, encrypted; see portal.core.secrets.")
    meant = models.CharField(max_length=16, help_text="A mark of what the tokens are good for.")
    renew_at = models.DateTimeField(null=True, help_text="Null: the access token has no known end.")
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(db_default=Now())
    renewed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"endpoint {self.endpoint_id}"
