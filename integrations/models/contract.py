"""What an endpoint's documents were agreed to look like."""

from django.db import models
from django.db.models.functions import Now

from integrations.models.endpoint import Endpoint


class Contract(models.Model):
    """The live contract of one object type of an endpoint. Older ones stand in the history."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="contracts")
    object_type = models.CharField(max_length=20)
    schema = models.JSONField(help_text="JSON Schema of the documents as the system sends them.")
    agreed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "object_type"], name="one_contract")
        ]

    def __str__(self) -> str:
        return f"{self.object_type} of endpoint {self.endpoint_id}"
