"""What stands beside each entry of the audit trail: who, as whom, why, and the seal."""

from django.db import models
from django.db.models import Q


class Mark(models.Model):
    """The seal of one entry, made with it and put into the chain after its transaction.

    Nothing here is a relation: an entry that is gone has to leave its mark. `actor_id` is the entry's own,
    and the person whose rows these are for whoever is limited. Without `number` it is not in the chain yet.
    """

    entry_id = models.BigIntegerField(unique=True)
    actor_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=120, blank=True, help_text="Who; blank: the house by itself.")
    as_whom = models.CharField(max_length=120, blank=True, help_text="In whose name they acted.")
    why = models.CharField(max_length=300, blank=True)
    customer = models.BigIntegerField(null=True, help_text="Whose thing it was, where it is one's.")
    mac = models.CharField(max_length=64, help_text="Of the entry and of this row.")
    number = models.BigIntegerField(null=True, unique=True)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(number=None), name="audit_not_yet_sealed"),
            models.Index(fields=["customer", "entry_id"], name="audit_of_a_customer"),
        ]

    def __str__(self) -> str:
        return f"mark of entry {self.entry_id}"
