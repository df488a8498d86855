"""Groups of people, and which cases are theirs by rule."""

from django.conf import settings
from django.db import models


class Team(models.Model):
    """Some of the partner's people, to whom cases are assigned."""

    name = models.CharField(max_length=60, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AssignmentRule(models.Model):
    """New cases that fit go to a person or a team. Blank fits all; of several the first one wins."""

    position = models.PositiveSmallIntegerField()
    customer = models.ForeignKey("customers.Customer", models.CASCADE, null=True)
    endpoint = models.ForeignKey("integrations.Endpoint", models.CASCADE, null=True)
    category = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=40, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    team = models.ForeignKey(Team, models.CASCADE, null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, team__isnull=True)
                | models.Q(person__isnull=True, team__isnull=False),
                name="assigned_to_a_person_or_a_team",
            )
        ]
