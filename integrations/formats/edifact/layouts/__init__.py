"""Messages as data, in the notation of the X12 layouts: which segments, in which groups, where to.

A line is `TAG most-often [!] [#group] [target]`; the indent is the segment group. One table serves
D.96A and D.01B: it has what either has, in the order of D.01B.
"""

from integrations.formats.edifact.layouts.answers import ANSWERS
from integrations.formats.edifact.layouts.invoices import INVOICES
from integrations.formats.edifact.layouts.orders import ORDERS
from integrations.formats.edifact.layouts.prices import PRICES
from integrations.formats.edifact.layouts.shipments import SHIPMENTS
from integrations.formats.edifact.layouts.stock import STOCK

LAYOUTS: dict[str, str] = {
    **ANSWERS, **INVOICES, **ORDERS, **PRICES, **SHIPMENTS, **STOCK,
}  # fmt: skip
