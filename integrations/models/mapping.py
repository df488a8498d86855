"""Versions of a customer's own mappings. Without one, the connector's default mapping applies."""

from django.db import models

from integrations.models.endpoint import Endpoint


class MappingVersion(models.Model):
    """Ordered rows of target path ← JSONata; a published version never changes."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="mappings")
    object_type = models.CharField(max_length=20)
    direction = models.CharField(max_length=3, choices=[("in", "in"), ("out", "out")])
    version = models.PositiveIntegerField()
    rows = models.JSONField(help_text="[[target, source], …]")
    created_at = models.DateTimeField(auto_now_add=True)
    author = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "object_type", "direction", "version"],
                name="one_mapping_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.direction}, version {self.version}, of endpoint {self.endpoint_id}"
