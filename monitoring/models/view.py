"""A choice of cases that somebody wants to come back to."""

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """The filters of the desk under a name; without a person, everybody's."""

    name = models.CharField(max_length=40)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    query = models.CharField(max_length=500, help_text="As it stands in the address.")
    made_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["name", "id"]
