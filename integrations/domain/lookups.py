"""Crosswalks: making one, and saying what a code means."""

from collections.abc import Collection
from difflib import get_close_matches

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from integrations.models import LookupRow, LookupTable, Record
from portal.customers.models import Customer

_MOST_COMPARED = 5_000
_LIKE_THE_VALUE, _LIKE_THE_CODE = 0.6, 0.5


class NotAProductError(ValueError):
    """The table leads to products, and the value is none; the text names the nearest one."""


class NameTakenError(ValueError):
    """There is a table of this name already; the text says whose."""


class ChangedSinceError(ValueError):
    """The row does not say any more what shall be taken back; the text says who changed it."""


def make(
    name: str, *, customer: Customer | None, default: str, default_value: str = ""
) -> LookupTable:
    """A new table without rows. NameTakenError where the customer, or the partner, has one of the name."""
    whose = customer.name if customer else "all customers"
    try:
        with transaction.atomic():
            return LookupTable.objects.create(
                name=name, customer=customer, default=default, default_value=default_value
            )
    except IntegrityError:
        raise NameTakenError(f"There is a table {name} of {whose} already.") from None


@transaction.atomic
def put(table: LookupTable, code: str, value: str, *, by: str, insist: bool = False) -> LookupRow:
    """Say what `code` means from now on. A code that has a row gets the new value.

    Where the table's codes are products, a value that is none is refused with NotAProductError, unless
    the person insists: the product may come to be known later.
    """
    if not insist:
        must_be_product(table, code, value)
    LookupTable.objects.select_for_update().get(pk=table.pk)
    row = LookupRow.objects.filter(table=table, code=code).first() or LookupRow(
        table=table, code=code
    )
    row.value, row.added_by = value, by[:80]
    row.save()
    return row


@transaction.atomic
def take_back_row(table: LookupTable, code: str, *, wrote: str, was: str | None, by: str) -> None:
    """Let `code` mean again what it meant before somebody `wrote` its row; None: it had no row.

    ChangedSinceError where the row says something else than `wrote` by now. Where it says already what
    it said before, nothing happens.
    """
    LookupTable.objects.select_for_update().get(pk=table.pk)
    row = LookupRow.objects.filter(table=table, code=code).first()
    if (row.value if row else None) == was:
        return
    if row is None:
        raise ChangedSinceError(f"The row {code} of {table} was removed since.")
    if row.value != wrote:
        who = row.added_by or "Somebody"
        raise ChangedSinceError(f"{who} changed {code} of {table} since: it means {row.value} now.")
    if was is None:
        row.delete()
        return
    row.value, row.added_by = was, by[:80]
    row.save()


def must_be_product(table: LookupTable, code: str, value: str) -> None:
    """NotAProductError where the table's codes are products and `value` is none."""
    asks = table.default == LookupTable.Default.MASTER
    if asks and unknown_products(table, [value]):
        raise NotAProductError(no_product(table, code, value))


def unknown_products(table: LookupTable, values: Collection[str]) -> set[str]:
    """Those of `values` that are no product of the table's customer, or of any where it is the
    partner's."""
    found = _products(table).filter(business_key__in=set(values))
    return set(values) - set(found.values_list("business_key", flat=True))


def no_product(table: LookupTable, code: str, value: str) -> str:
    """The sentence that `value` is no product, with the nearest one that is."""
    whose = table.customer.name if table.customer else "any customer"
    known = list(_products(table).values_list("business_key", flat=True)[:_MOST_COMPARED])
    nearest = _nearest(known, code, value)
    meant = f" Did you mean {nearest}?" if nearest else ""
    return f"{value} is no product of {whose}.{meant}"


def _products(table: LookupTable) -> QuerySet[Record]:
    products = Record.objects.filter(object_type="product")
    return products if table.customer_id is None else products.filter(customer_id=table.customer_id)


def _nearest(known: list[str], code: str, value: str) -> str:
    """The known product most like what was typed, else most like the code it stands for."""
    by_upper = {key.upper(): key for key in known}
    found = get_close_matches(value.upper(), by_upper, n=1, cutoff=_LIKE_THE_VALUE)
    found = found or get_close_matches(code.upper(), by_upper, n=1, cutoff=_LIKE_THE_CODE)
    return by_upper[found[0]] if found else ""
