"""How long things are kept unless a partner chooses otherwise, and how far it may choose."""

from django.db import models


class RetentionTerm(models.Model):
    """Days for one kind of `portal.tenants.retention_kinds`: where the installation differs from it."""

    kind = models.CharField(max_length=20, unique=True)
    days = models.PositiveIntegerField()
    least = models.PositiveIntegerField()
    most = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.kind}: {self.days} days"
