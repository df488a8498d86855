"""Who is on call: people in turn, and the swaps between them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Rota(models.Model):
    """People who take turns. The arithmetic is in `monitoring.alerting.rota`."""

    class Every(models.TextChoices):
        DAILY = "daily", "every day"
        WEEKLY = "weekly", "every week"

    name = models.CharField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=40)
    every = models.CharField(max_length=6, choices=Every, default=Every.WEEKLY)
    first_on = models.DateField(help_text="The first handover; for weeks its weekday is theirs.")
    minute = models.PositiveSmallIntegerField(help_text="Of the handover, after local midnight.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RotaMember(models.Model):
    """One place in the order of a rota. A person may have several."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="members")
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        ordering = ["position", "id"]


class RotaSwap(models.Model):
    """Somebody is on call instead of whoever's turn it is."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="swaps")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begins_at")), name="a_swap_has_a_length"
            )
        ]
