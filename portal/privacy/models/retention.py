"""How long a partner keeps things, and what was removed."""

from django.db import models


class RetentionChoice(models.Model):
    """What the partner chose for one kind of `portal.tenants.retention_kinds`."""

    kind = models.CharField(max_length=20, unique=True)
    days = models.PositiveIntegerField()
    chosen_by = models.CharField(max_length=150)
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind}: {self.days} days"


class RetentionDay(models.Model):
    """How much of one kind was removed on one day."""

    day = models.DateField()
    kind = models.CharField(max_length=20)
    removed = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes, where they are known.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "kind"], name="one_retention_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}: {self.removed}"


class RetentionMark(models.Model):
    """How far the lane has come with one kind: what is before it was looked at under this cut-off."""

    kind = models.CharField(max_length=20, unique=True)
    looked_to = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kind}: {self.looked_to}"
