"""For whom a person of the partner works, where that is not everybody."""

from django.db import models
from django.db.models.functions import Now

from portal.accounts.models.person import Person


class Limit(models.Model):
    """One customer or one group of customers a limited person works for.

    Both are ids and not relations: in the public schema there are no customers.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="limits")
    customer_id = models.BigIntegerField(null=True)
    group_id = models.BigIntegerField(null=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(customer_id__isnull=False, group_id__isnull=True)
                | models.Q(customer_id__isnull=True, group_id__isnull=False),
                name="a_limit_names_a_customer_or_a_group",
            ),
            models.UniqueConstraint(
                fields=["person", "customer_id", "group_id"],
                name="one_limit_each",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        group = self.group_id is not None
        return f"group {self.group_id}" if group else f"customer {self.customer_id}"
