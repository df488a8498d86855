"""What a customer is promised, version by version."""

from django.db import models
from django.db.models.functions import Now

from monitoring import slo


class Objective(models.Model):
    """One version of what a customer is promised of an indicator.

    The newest version whose `since` has come is the promise; those before it are kept, because the
    figures of their months are made from them again.
    """

    customer = models.ForeignKey("customers.Customer", models.CASCADE, db_index=False)
    sli = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    content = models.JSONField(help_text="An OpenSLO document.")
    promised = models.BooleanField(default=True, help_text="False: taken back from `since` on.")
    tier = models.CharField(
        max_length=10, blank=True, help_text="Whose usual promise it is; blank: the customer's own."
    )
    hours = models.JSONField(
        default=dict, help_text="The customer's calendar and zone, as they counted from `since` on."
    )
    since = models.DateTimeField()
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.CharField(max_length=80, blank=True, help_text="Blank: nobody, by the tier.")
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["customer_id", "sli", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "sli", "version"], name="one_version_of_objective"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sli} v{self.version}"

    @property
    def promise(self) -> slo.Objective:
        """What it says. ObjectiveError where the stored content is none any more."""
        return slo.from_openslo(self.content)
