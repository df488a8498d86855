"""What stands in several cases at once, as it was last measured."""

from django.db import models


class Overlap(models.Model):
    """One row: what the sum over the open cases counts more than once, by currency."""

    amounts = models.JSONField(default=dict, help_text="Currency → amount, as text.")
    measured_at = models.DateTimeField()
    seconds = models.FloatField(help_text="How long it took: it is measured again after a while.")
