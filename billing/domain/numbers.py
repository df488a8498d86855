"""Numbers of invoices and credit notes: without gaps, each taken by the commit that uses it."""

from billing.models import LegalEntity
from portal.tenants.rows import beyond_limit


def invoice(entity_id: int) -> tuple[LegalEntity, str]:
    """The legal entity, locked, and the next number of its invoices."""
    with beyond_limit():  # whose invoice it is was looked up under it; the count is everybody's
        entity = LegalEntity.objects.select_for_update().get(pk=entity_id)
        number = f"{entity.prefix}{entity.next_number:05}"
        entity.next_number += 1
        entity.save(update_fields=["next_number"])
    return entity, number


def credit_note(entity_id: int) -> tuple[LegalEntity, str]:
    """The same of its credit notes."""
    with beyond_limit():
        entity = LegalEntity.objects.select_for_update().get(pk=entity_id)
        number = f"{entity.credit_prefix}{entity.next_credit_number:05}"
        entity.next_credit_number += 1
        entity.save(update_fields=["next_credit_number"])
    return entity, number
