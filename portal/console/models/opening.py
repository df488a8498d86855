"""Partners that somebody asked for, until they are open."""

from typing import Final

from django.db import models


class Opening(models.Model):
    """One asked for on the console. A lane makes it; `trouble` says why it could not."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        OPENING = "opening", "being opened"
        DONE = "done", "open"
        FAILED = "failed", "not opened"

    UNDER_WAY: Final = (State.WAITING, State.OPENING)

    slug = models.CharField(max_length=41)
    name = models.CharField(max_length=80)
    admin_name = models.CharField(max_length=120)
    admin_email = models.EmailField(max_length=254)
    tier = models.ForeignKey("tenants.Tier", on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    asked_by = models.CharField(max_length=150)
    asker_id = models.BigIntegerField(null=True)  # of the platform's people: who may have the link
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                condition=models.Q(state__in=("waiting", "opening")),
                name="one_opening_per_slug",
            )
        ]

    def __str__(self) -> str:
        return self.slug
