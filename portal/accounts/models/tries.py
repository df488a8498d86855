"""How often somebody was wrong."""

from django.db import models


class Tries(models.Model):
    """Wrong tries for one account or from one sender, whether or not there is such an account.

    `key` is a keyed hash: the row names neither the address nor the sender. What the numbers mean is in
    `portal.accounts.waits`.
    """

    key = models.CharField(max_length=64, unique=True)
    recent = models.JSONField(default=list, help_text="When, as ISO 8601, of the last minutes.")
    waits = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(db_index=True)
