"""Two sides of a comparison, in few words."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from monitoring.reconcile import ALL, Definition, Item, Level, Movement, Side, Snapshot, compare

TWO = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TENT = Item(value=Decimal("61.50"))
SIDES = (Side("erp", "live", "harborerp"), Side("warehouse", "document", "harborwms"))


def definition(**changes):
    return Definition(**{"version": 1, "kind": "inventory", "sides": SIDES, **changes})


def level(sku, quantity, *, site="RNO1", lot=ALL, condition=ALL, uom="", at=None):
    return Level(site, sku, lot, condition, uom, str(quantity), at)


def erp(*rows, as_of=TWO, **more):
    return Snapshot("ERP", "live", as_of, rows, **more)


def warehouse(*rows, as_of=TWO, **more):
    return Snapshot("3PL", "document", as_of, rows, **more)


def movement(sku, quantity, at, kind="ship", reference="M-1", *, site="RNO1", **more):
    posted = more.pop("posted", {"3PL": at})
    return Movement(
        site, sku, ALL, ALL, "", str(quantity), at, kind, reference, posted=posted, **more
    )


def run(left, right, *, movements=(), items=None, at=TWO, light=False, **changes):
    known = {"TENT-2P": TENT} if items is None else items
    return compare(
        definition(**changes), left, right, at=at, items=known, movements=movements, light=light
    )


def cased(factor, **more):
    return Item(units={"EA": Fraction(1), "CA": Fraction(factor)}, **more)
