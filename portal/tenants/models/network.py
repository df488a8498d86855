"""Where outgoing connections may go although it is private."""

from django.db import models


class AllowedNetwork(models.Model):
    """An address range outgoing connections may reach although it is private. Platform staff set it."""

    network = models.CharField(max_length=60, unique=True, help_text="A host name or CIDR range.")
    reason = models.CharField(max_length=200)
    added_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.network
