"""Where outgoing connections may go although it is private."""

from django.db import models

from portal.tenants.models.partner import Partner


class AllowedNetwork(models.Model):
    """An address range that a partner's connections may reach although it is private. Platform staff set it;
    without a partner it holds for all of them."""

    network = models.CharField(max_length=60, help_text="A host name or CIDR range.")
    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=200)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "partner"], name="allowed_network_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.network
