"""That somebody took a person's second step away."""

from django.db import models

from portal.accounts.models.person import Person


class FactorReset(models.Model):
    """Who took all second steps of a person away, when and why."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="factor_resets")
    actor = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
