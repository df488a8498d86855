"""Orders from the channel to the warehouse: who has them, in which state, with which lines and totals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from monitoring.reconcile.amounts import Amount, shown
from monitoring.reconcile.amounts import text as written
from monitoring.reconcile.definition import Definition
from monitoring.reconcile.kits import Expected, Kits, explode
from monitoring.reconcile.order_hours import Orders, differing_hours
from monitoring.reconcile.order_rows import NAMES, OrderLine, OrderRow, OrderSide, within

OrderCode = Literal[
    "missed_order",
    "not_posted",
    "not_transmitted",
    "unknown_order",
    "cancelled_but_open",
    "not_fulfilled",
    "total_differs",
    "quantity_differs",
    "dropped_line",
    "added_line",
]
CENT: Final = Decimal("0.01")
_MISSING: Final[Mapping[tuple[OrderSide, OrderSide], OrderCode]] = {
    ("channel", "hub"): "missed_order",
    ("hub", "erp"): "not_posted",
    ("hub", "warehouse"): "not_transmitted",
    ("erp", "warehouse"): "not_transmitted",
}


class OrderBreak(NamedTuple):
    """One thing wrong with one order between two systems. `line_no` and `sku` empty: the whole order.

    `left` and `right`: what the two say, as text for people.
    """

    code: OrderCode
    channel: str
    number: str
    sentence: str
    line_no: str = ""
    sku: str = ""
    left: str = ""
    right: str = ""
    placed_at: datetime | None = None
    remote_id: str = ""


class OrderResult(NamedTuple):
    """`hours`: those that were looked into. `orders`: how many the two have together in the window."""

    breaks: tuple[OrderBreak, ...]
    hours: tuple[datetime, ...]
    orders: int


def compare_orders(
    definition: Definition, left: Orders, right: Orders, *, at: datetime, kits: Kits | None = None
) -> OrderResult:
    """Hours first; orders only of hours that differ. The side that had an order first is the left one.

    A bundle has to be at the warehouse as its components; the tallies of the left side then have to
    count those (`tally` with kits). The same input gives the same breaks in the same order.
    """
    hours = differing_hours(left, right, definition=definition, at=at, cent=CENT)
    count = sum(one.orders for hour, one in left.hours.items() if hour >= at - definition.window)
    if not hours:
        return OrderResult((), (), count)
    ours, theirs = (
        {
            (row.channel, row.number): row
            for row in within(side.read(hours), definition=definition, at=at)
        }
        for side in (left, right)
    )
    to_warehouse = kits if right.side == "warehouse" and kits else {}
    found = [
        one
        for key in sorted({*ours, *theirs})
        for one in _compare(
            (left.side, right.side), ours.get(key), theirs.get(key), kits=to_warehouse
        )
    ]
    return OrderResult(tuple(found), tuple(hours), count)


def _compare(
    sides: tuple[OrderSide, OrderSide],
    ours: OrderRow | None,
    theirs: OrderRow | None,
    *,
    kits: Kits,
) -> Iterator[OrderBreak]:
    if ours is None or theirs is None:
        yield from _alone(sides, ours, theirs)
        return
    yield from _states(sides, ours, theirs)
    if ours.status == "cancelled":
        return
    yield from _totals(sides, ours, theirs)
    yield from _lines(sides, ours, theirs, kits)


def _alone(
    sides: tuple[OrderSide, OrderSide], ours: OrderRow | None, theirs: OrderRow | None
) -> Iterator[OrderBreak]:
    row = ours or theirs
    if row is None or (ours and ours.status in ("cancelled", "on_hold")):
        return
    has, has_not = sides if ours else sides[::-1]
    code: OrderCode = _MISSING.get(sides, "not_transmitted") if ours else "unknown_order"
    yield _break(
        code,
        row,
        f"Order {row.number} is at {NAMES[has]} and not at {NAMES[has_not]}.",
        left="there" if ours else "not there",
        right="not there" if ours else "there",
    )


def _states(
    sides: tuple[OrderSide, OrderSide], ours: OrderRow, theirs: OrderRow
) -> Iterator[OrderBreak]:
    """The lattice: cancelled here and open there, shipped there and open here."""
    first, second = (NAMES[side] for side in sides)
    if ours.status == "cancelled" and theirs.status in ("open", "on_hold"):
        text = f"Order {ours.number} is cancelled at {first} and still open at {second}."
        yield _break("cancelled_but_open", ours, text, left=ours.status, right=theirs.status)
    elif (
        sides[0] == "channel" and theirs.status == "shipped" and ours.status in ("open", "on_hold")
    ):
        text = f"Order {ours.number} has left, and {first} does not show it as fulfilled."
        yield _break("not_fulfilled", ours, text, left=ours.status, right=theirs.status)


def _totals(
    sides: tuple[OrderSide, OrderSide], ours: OrderRow, theirs: OrderRow
) -> Iterator[OrderBreak]:
    if ours.total is None or theirs.total is None or abs(ours.total - theirs.total) <= CENT:
        return
    first, second = (NAMES[side] for side in sides)
    text = f"Order {ours.number} comes to {ours.total} at {first} and {theirs.total} at {second}."
    yield _break("total_differs", ours, text, left=str(ours.total), right=str(theirs.total))


def _lines(
    sides: tuple[OrderSide, OrderSide], ours: OrderRow, theirs: OrderRow, kits: Kits
) -> Iterator[OrderBreak]:
    """SKU by SKU: systems number their lines differently, and may split one."""
    expected = _expected(ours.lines, kits)
    # A bundle that the warehouse lists beside its components is a heading and nothing more to send.
    bundles = {line.sku for line in ours.lines if line.sku in kits}
    there = _added(line for line in theirs.lines if line.sku not in bundles)
    for sku in sorted({*expected, *there}):
        wanted, got = sum(one.quantity for one in expected.get(sku, ())), there.get(sku, 0)
        if wanted != got:
            yield _line_break(sides, ours, sku, expected.get(sku, []), (wanted, got))


def _expected(lines: Sequence[OrderLine], kits: Kits) -> dict[str, list[Expected]]:
    found: dict[str, list[Expected]] = {}
    for one in explode(lines, kits):
        found.setdefault(one.sku, []).append(one)
    return found


def _added(lines: Iterable[OrderLine]) -> dict[str, Amount]:
    found: dict[str, Amount] = {}
    for line in lines:
        found[line.sku] = found.get(line.sku, 0) + line.quantity
    return found


def _line_break(
    sides: tuple[OrderSide, OrderSide],
    order: OrderRow,
    sku: str,
    expected: Sequence[Expected],
    quantities: tuple[Amount, Amount],
) -> OrderBreak:
    wanted, got = quantities
    first, second = (NAMES[side] for side in sides)
    line_no = expected[0].line_no if expected else ""
    if not got:
        bundle = next((one.bundle for one in expected if one.bundle), "")
        part = f", a part of bundle {bundle}," if bundle else ""
        text = f"Line {line_no} of order {order.number} was dropped: {shown(wanted)} {sku}{part}"
        text = f"{text} never reached {second}."
        code: OrderCode = "dropped_line"
    elif not wanted:
        text = f"Order {order.number} has {shown(got)} {sku} at {second} and none at {first}."
        code = "added_line"
    else:
        counted = f"{shown(wanted)} {sku} at {first} and {shown(got)} at {second}"
        text, code = f"Order {order.number} has {counted}.", "quantity_differs"
    return _break(
        code, order, text, left=written(wanted), right=written(got), line_no=line_no, sku=sku
    )


def _break(
    code: OrderCode,
    order: OrderRow,
    sentence: str,
    *,
    left: str,
    right: str,
    line_no: str = "",
    sku: str = "",
) -> OrderBreak:
    return OrderBreak(
        code,
        order.channel,
        order.number,
        sentence,
        line_no,
        sku,
        left,
        right,
        order.placed_at,
        order.remote_id,
    )


def stuck(
    orders: Iterable[OrderRow],
    at_warehouse: Iterable[tuple[str, str]],
    *,
    at: datetime,
    after: timedelta,
) -> list[OrderBreak]:
    """Open orders older than `after` that no warehouse has, whichever hour they are of."""
    known = set(at_warehouse)
    return [
        _break(
            "not_transmitted",
            row,
            f"Order {row.number} has been open since {row.placed_at:%d %b %H:%M}, and no warehouse has it.",
            left="open",
            right="not there",
        )
        for row in sorted(orders)
        if row.status == "open"
        and row.placed_at < at - after
        and (row.channel, row.number) not in known
    ]
