"""What a system says it has, all of it at one moment: to be compared, not to become documents."""

from datetime import datetime
from typing import Literal, NamedTuple

OrderStatus = Literal["open", "on_hold", "cancelled", "shipped", "unknown"]


class LevelSaid(NamedTuple):
    """One item at one place. `item` is the system's own code; `quantity` decimal text. `location` empty:
    the system knows no places. `uom` empty: the item's base unit."""

    location: str
    item: str
    quantity: str
    uom: str = ""
    lot: str = ""


class OrderSaid(NamedTuple):
    """One order without its lines. `number` as people call it, `remote_id` as the system does.

    `placed_at` None: the system does not tell, or only the day. `total` and `pieces` as decimal text;
    None: it does not say.
    """

    number: str
    remote_id: str
    status: OrderStatus
    placed_at: datetime | None = None
    total: str | None = None
    pieces: str | None = None


class LineSaid(NamedTuple):
    """One line of an order, by the system's own item code."""

    item: str
    quantity: str
    line_no: str = ""
