"""Lookup tables in the words of a page."""

from typing import Any

from django.http import Http404

from integrations.models import LookupTable
from integrations.queries.lookup_coverage import Coverage
from integrations.queries.lookup_seen import Seen
from integrations.views import spoken
from portal.core.manner import number

MOST_PASSED = 10


def find(pk: int) -> LookupTable:
    """The table with its customer, or 404."""
    table = LookupTable.objects.select_related("customer").filter(pk=pk).first()
    if table is None:
        raise Http404
    return table


def owner(table: LookupTable) -> str:
    return table.customer.name if table.customer else "all customers"


def default(table: LookupTable) -> str:
    words = table.get_default_display()
    return f"{words}: {table.default_value}" if table.default == "value" else words


def head(table: LookupTable) -> dict[str, Any]:
    """What every page of one table says of it."""
    address = f"/lookups/{table.pk}/"
    return {
        "name": table.name,
        "customer": owner(table),
        "default": default(table),
        "url": address,
        "import_url": f"{address}import/",
        "csv_url": f"{address}rows.csv",
        "xlsx_url": f"{address}rows.xlsx",
        "coverage_url": f"{address}coverage/",
    }


def seen(found: Seen) -> dict[str, str]:
    """One code that came and has no row."""
    amounts = [spoken.money(amount, currency) for currency, amount in sorted(found.amounts.items())]
    documents = spoken.counted(found.documents, "document")
    held = f"{number(found.held)} held" if found.held else "none held"
    return {
        "code": found.code,
        "documents": f"{documents}, {held}",
        "last": f"last {spoken.moment(found.last)}",
        "amounts": ", ".join(amounts),
    }


def coverage(table: LookupTable, measured: Coverage) -> dict[str, Any]:
    """A figure, what it is of, and the codes that a default let pass."""
    read = f"Read again: the newest {spoken.counted(measured.read, 'document')} of 7 days."
    if measured.percent is None:
        none = "No document of 7 days asked this table."
        return {"figure": "not used", "text": none if not measured.read else f"{none} {read}"}
    lets_pass = table.default in (LookupTable.Default.PASS_THROUGH, LookupTable.Default.VALUE)
    most = sorted(measured.without.items(), key=lambda pair: (-pair[1], pair[0]))
    return {
        "figure": _percent(measured),
        "text": f"{number(measured.covered)} of {spoken.counted(measured.used, 'document')} that asked it"
        f" found every code. {read}",
        "passed": [
            {"code": code, "documents": spoken.counted(count, "document")}
            for code, count in (most[:MOST_PASSED] if lets_pass else [])
        ],
    }


def _percent(measured: Coverage) -> str:
    """100 % only where nothing is missing."""
    if measured.covered == measured.used:
        return "100 %"
    return f"{min(measured.percent or 0, 99.9):.1f} %"
