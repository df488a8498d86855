"""What must be kept although somebody would have it erased."""

from datetime import date

from django.db import models
from django.db.models import Q


class LegalHold(models.Model):
    """One hold: of all of a customer's data, or of a person's wherever it is. It ends on its day or when it
    is lifted. `person` is a mail, a phone number or a name, as it would be entered to erase it."""

    customer = models.ForeignKey("customers.Customer", models.CASCADE, null=True)
    person = models.CharField(max_length=254, blank=True)
    reason = models.CharField(max_length=300)
    until = models.DateField(null=True, help_text="Null: until it is lifted.")
    placed_by = models.CharField(max_length=150)
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=150, blank=True)
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False, person="")
                | Q(customer__isnull=True) & ~Q(person=""),
                name="hold_of_customer_or_person",
            )
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"

    def is_in_force(self, today: date) -> bool:
        return self.lifted_at is None and (self.until is None or self.until >= today)
