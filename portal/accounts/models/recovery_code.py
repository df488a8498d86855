"""For when the phone is lost."""

from django.db import models

from portal.accounts.models.person import Person


class RecoveryCode(models.Model):
    """A code that stands for the second step once. Only its keyed hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "digest"], name="one_recovery_code")
        ]
