"""Rows of crosswalks: adding, changing, removing one."""

from difflib import get_close_matches

from integrations.models import LookupRow, LookupTable, Record

_MOST_COMPARED = 5_000
_LIKE_THE_VALUE, _LIKE_THE_CODE = 0.6, 0.5


class NotAProductError(ValueError):
    """The table leads to products, and the value is none; the text names the nearest one."""


def put(table: LookupTable, code: str, value: str, *, by: str, insist: bool = False) -> LookupRow:
    """Say what `code` means from now on. A code that has a row gets the new value.

    Where the table's codes are products, a value that is none is refused with NotAProductError, unless
    the person insists: the product may come to be known later.
    """
    if table.default == LookupTable.Default.MASTER and not insist:
        _refuse_unknown(table, code, value)
    row = LookupRow.objects.filter(table=table, code=code).first() or LookupRow(
        table=table, code=code
    )
    row.value, row.added_by = value, by[:80]
    row.save()
    return row


def remove(row: LookupRow) -> None:
    """The code means nothing any more; the table's default decides."""
    row.delete()


def _refuse_unknown(table: LookupTable, code: str, value: str) -> None:
    products = Record.objects.filter(object_type="product")
    if table.customer_id is not None:
        products = products.filter(customer_id=table.customer_id)
    if products.filter(business_key=value).exists():
        return
    whose = table.customer.name if table.customer else "any customer"
    nearest = _nearest(
        list(products.values_list("business_key", flat=True)[:_MOST_COMPARED]), code, value
    )
    meant = f" Did you mean {nearest}?" if nearest else ""
    raise NotAProductError(f"{value} is no product of {whose}.{meant}")


def _nearest(known: list[str], code: str, value: str) -> str:
    """The known product most like what was typed, else most like the code it stands for."""
    by_upper = {key.upper(): key for key in known}
    found = get_close_matches(value.upper(), by_upper, n=1, cutoff=_LIKE_THE_VALUE)
    found = found or get_close_matches(code.upper(), by_upper, n=1, cutoff=_LIKE_THE_CODE)
    return by_upper[found[0]] if found else ""
