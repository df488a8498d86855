"""Payments that partners told of invoices. Reads only what the customer's role may read."""

from collections.abc import Collection
from uuid import UUID

from integrations.models import Record, ToldPayment


def of_invoices(invoices: Collection[Record]) -> dict[UUID, list[ToldPayment]]:
    """By invoice what was told of it, oldest first; without those of which nothing was."""
    ids = [one.pk for one in invoices if one.object_type == "invoice"]
    found: dict[UUID, list[ToldPayment]] = {}
    if ids:
        for payment in ToldPayment.objects.filter(invoice_id__in=ids).order_by("pk"):
            found.setdefault(payment.invoice_id, []).append(payment)
    return found
