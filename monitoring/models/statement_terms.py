"""What a customer's statements are made and sent by: the fee, the credits, and who gets them."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models

from monitoring.statements.credit import USUAL, USUAL_CAP, Agreement
from portal.customers.models import Customer


class StatementTerms(models.Model):
    """A customer without a row has the usual terms, no fee and nobody to send to."""

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="statement_terms")
    recipients = ArrayField(models.EmailField(), default=list)
    sends_itself = models.BooleanField(
        default=False, help_text="Sent once it is sealed; else when a person has approved it."
    )
    monthly_fee = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, help_text="In the customer's currency."
    )
    cap = models.DecimalField(
        max_digits=5, decimal_places=2, default=USUAL_CAP, help_text="Most of the fee, in percent."
    )

    def __str__(self) -> str:
        return f"Statement terms of {self.customer}"


def agreement_of(customer: Customer) -> Agreement:
    """What a customer gets back for what."""
    found = StatementTerms.objects.filter(customer=customer).first()
    fee: Decimal | None = found.monthly_fee if found else None
    return Agreement(fee, customer.currency, found.cap if found else USUAL_CAP, USUAL)
