"""Transaction sets as data: which segments, in which loops, how often, and where they go.

A line is `TAG most-often [!] [#loop id] [target] [QUALIFIER=key ...]`; the indent is the loop.
`!` marks a segment without which the set cannot be understood. Targets:

- none: the fields land in the current object (a second one in the list `TAG_more`);
- `=key`: they land in the object `key` of the current object;
- `>key`: each segment is one more object in the list `key`; lines indented below it belong to it;
- `>>key`: as `>key`, but an inner loop that names the same list shares the object's fields, so
  LX and the W12 below it make one line, and a second W12 under the same LX makes another.

`CN=tracking` after a list target lifts a plain qualifier and value pair out of the list into a
field of its own, as long as the list is still empty and the field still free.
"""

from integrations.formats.x12.layouts.acknowledgements import ACKNOWLEDGEMENTS
from integrations.formats.x12.layouts.finance import FINANCE
from integrations.formats.x12.layouts.orders import ORDERS
from integrations.formats.x12.layouts.shipments import SHIPMENTS
from integrations.formats.x12.layouts.warehouse import WAREHOUSE

LAYOUTS: dict[str, str] = {**ACKNOWLEDGEMENTS, **FINANCE, **ORDERS, **SHIPMENTS, **WAREHOUSE}
