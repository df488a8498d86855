"""What somebody may do, as data."""

from django.db import models


class Role(models.Model):
    """A named set of permissions: data, so that a partner can change it.

    Whoever has a role with `requires_mfa` gets nowhere without a second step of signing in.
    """

    slug = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=60)
    permissions = models.JSONField(default=list)
    for_customers = models.BooleanField(default=False)
    requires_mfa = models.BooleanField(
        default=False, help_text="Whoever has it signs in with a second factor."
    )

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label
