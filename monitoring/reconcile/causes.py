"""What a gap looks like: its probable causes, ranked, each with its evidence."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from monitoring.reconcile.agreeing import Judged, Seen, by_day, grows
from monitoring.reconcile.amounts import Amount, shown, signed
from monitoring.reconcile.comparing import Result, Row
from monitoring.reconcile.levels import Key
from monitoring.reconcile.snapshot import Item

Code = Literal[
    "unit",
    "lost_945",
    "doubled_945",
    "doubled_947",
    "opening_balance",
    "unposted_movement",
    "sign_error",
    "not_cross_referenced",
    "wrong_snapshot_time",
    "delta_read_as_full",
]
_DAY: Final = timedelta(days=1)
_FEW_DAYS, _MONTH = 7, 28
_ALL_OFF: Final = Fraction(4, 5)
_LEAST_ROWS: Final = 10


class Cause(NamedTuple):
    """A probable cause. `confidence`: 0 to 1. `evidence`: label and text, what speaks for it."""

    code: Code
    sentence: str
    confidence: float
    evidence: tuple[tuple[str, str], ...] = ()


class Suspect(NamedTuple):
    """A quantity of one order that left, or should have, for the key of a row.

    `reports`: how many 945s told of it. `postings`: how often the left side booked it; None: unknown.
    """

    order: str
    quantity: Amount
    at: datetime
    shipment: str = ""
    reports: int = 1
    postings: int | None = None


class Twin(NamedTuple):
    """A row of the right side alone, at the same place and with the same quantity: another code?"""

    sku: str
    quantity: Amount


def causes(
    judged: Judged,
    *,
    item: Item,
    suspects: Sequence[Suspect] = (),
    twin: Twin | None = None,
    everywhere: Cause | None = None,
) -> list[Cause]:
    """Of one row, the most probable first; equal ones by code. `everywhere`: what `all_off` found."""
    found = [everywhere] if everywhere else []
    found += [cause for look in _LOOKS for cause in look(judged, item)]
    found += _one_order(judged.row, suspects)
    found += _no_cross_reference(judged.row, twin)
    return sorted(found, key=lambda cause: (-cause.confidence, cause.code, cause.sentence))


def all_off(result: Result) -> Cause | None:
    """When nearly all pairs differ, no pair is to blame. None below 80 % or of fewer than 10 pairs."""
    missing = sum(1 for row in result.rows if row.state == "missing_right" and row.left_at)
    varying = sum(1 for row in result.rows if row.state == "variance")
    pairs = sum(tally.pairs for tally in result.tallies.values())
    if pairs < _LEAST_ROWS or Fraction(missing + varying, pairs) < _ALL_OFF:
        return None
    counted = (("Pairs that differ", f"{missing + varying} of {pairs}"),)
    if missing > varying:
        text = (
            "Nearly every item is missing at one side: a report of changes was read as a full one."
        )
        return Cause("delta_read_as_full", text, 0.97, (*counted, ("Missing", str(missing))))
    text = "Nearly every item differs: one side was taken at another time than it says."
    return Cause("wrong_snapshot_time", text, 0.97, counted)


def _unit(judged: Judged, item: Item) -> Iterable[Cause]:
    row = judged.row
    for uom, factor in sorted(item.units.items()):
        if factor <= 1 or not row.gap:
            continue
        size = ("Unit", f"1 {uom} = {shown(factor)} {item.base}")
        in_units = Fraction(row.gap) / factor
        if row.left_at * row.right_at and (
            row.left_at == row.right_at * factor or row.right_at == row.left_at * factor
        ):
            text = (
                f"One side counts {uom} and the other {item.base}: {shown(factor)} times as much."
            )
            sides = ("Sides", f"{shown(row.left_at)} and {shown(row.right_at)}")
            yield Cause("unit", text, 0.95, (size, sides))
        elif in_units.denominator == 1:
            text = f"The gap is a whole number of {uom}: a quantity was booked in the wrong unit."
            gap = ("Gap", f"{signed(row.gap)} = {shown(in_units)} {uom}")
            yield Cause("unit", text, 0.7 if factor >= 6 else 0.45, (size, gap))


def _sign_error(judged: Judged, item: Item) -> Iterable[Cause]:
    gap, before = judged.row.gap, _before(judged.trail)
    reversed_one = next(
        (
            one.movement
            for one in judged.row.movements
            if one.movement.kind == "adjust" and one.effect and gap == 2 * one.effect
        ),
        None,
    )
    if reversed_one is not None:
        text = f"The gap is twice adjustment {reversed_one.reference}: it was booked with the wrong sign."
        quantity = (("Adjustment", f"{reversed_one.reference}: {reversed_one.quantity}"),)
        yield Cause("sign_error", text, 0.9, (*quantity, ("Gap", signed(gap))))
    elif before is not None and gap == 2 * before.gap and not grows(judged.trail):
        text = "The gap doubled: what was to close it was booked with the wrong sign."
        evidence = (("Gap before", signed(before.gap)), ("Gap now", signed(gap)))
        yield Cause("sign_error", text, 0.85, evidence)


def _opening_balance(judged: Judged, item: Item) -> Iterable[Cause]:
    same = [seen for seen in judged.trail if seen.gap == judged.row.gap]
    days = (judged.trail[-1].at - same[0].at) // _DAY
    if len(same) < len(judged.trail) or days < _FEW_DAYS:
        return
    text = (
        f"The gap has been {signed(judged.row.gap)} for {days} days: the opening balance was wrong."
    )
    evidence = (("Since", f"{same[0].at:%d %b %Y}"), ("Runs that agree", str(len(same))))
    yield Cause("opening_balance", text, 0.8 if days >= _MONTH else 0.65, evidence)


def _unposted_movement(judged: Judged, item: Item) -> Iterable[Cause]:
    if not grows(judged.trail):
        return
    daily = by_day(judged.trail)
    per_day = Fraction(daily[-1].gap - daily[0].gap) / ((daily[-1].at - daily[0].at) // _DAY or 1)
    what = "issues" if per_day < 0 else "receipts"
    text = (
        f"The gap grows every day: a kind of movement is not booked at one side, probably {what}."
    )
    steps = ", ".join(signed(seen.gap) for seen in daily[-5:])
    evidence = (("Gaps by day", steps), ("A day", signed(round(per_day, 2))))
    yield Cause("unposted_movement", text, 0.85, evidence)


def _doubled_adjustment(judged: Judged, item: Item) -> Iterable[Cause]:
    for movement, effect in judged.row.movements:
        if movement.kind == "adjust" and effect and effect == judged.row.gap:
            number = movement.reference
            text = f"The gap is just adjustment {number}: it was sent twice or booked twice."
            evidence = (("Adjustment", f"{number}: {movement.quantity} {movement.uom}".strip()),)
            yield Cause("doubled_947", text, 0.8, evidence)


_LOOKS: Final[tuple[Callable[[Judged, Item], Iterable[Cause]], ...]] = (
    _unit,
    _sign_error,
    _opening_balance,
    _unposted_movement,
    _doubled_adjustment,
)


def _one_order(row: Row, suspects: Sequence[Suspect]) -> list[Cause]:
    """The warehouse has less: its 945 never came. It has more: the other side booked one twice."""
    code: Code = "lost_945" if row.gap < 0 else "doubled_945"
    equal = [one for one in suspects if one.quantity == abs(row.gap) != 0]
    fitting = [one for one in equal if _fits(one, code)]
    return [_order_cause(one, code, row, of=len(fitting)) for one in fitting[:3]]


def _fits(suspect: Suspect, code: Code) -> bool:
    if code == "lost_945":
        return suspect.reports == 0 or suspect.postings == 0
    return suspect.reports > 1 or suspect.postings is None or suspect.postings > 1


def _order_cause(suspect: Suspect, code: Code, row: Row, *, of: int) -> Cause:
    is_sure = suspect.reports == 0 or suspect.reports > 1 or suspect.postings in (0, 2)
    happened = "was lost" if code == "lost_945" else "was counted twice"
    text = f"The gap is just what order {suspect.order} took: its 945 {happened}."
    evidence = [
        ("Order", f"{suspect.order}: {shown(suspect.quantity)} on {suspect.at:%d %b %Y}"),
        ("945s received", str(suspect.reports)),
    ]
    if suspect.shipment:
        evidence.append(("Shipment", suspect.shipment))
    if suspect.postings is not None:
        evidence.append(("Booked at the other side", f"{suspect.postings} times"))
    return Cause(code, text, round((0.9 if is_sure else 0.6) / max(1, of) ** 0.5, 2), (*evidence,))


def _no_cross_reference(row: Row, twin: Twin | None) -> list[Cause]:
    """A row of one side alone. Where stock of it moved, some document knows the item by this name."""
    has_left, has_right = row.state == "missing_right", row.state == "missing_left"
    if not ((has_left and row.left_at > 0) or (has_right and row.right_at > 0)):
        return []
    if twin is not None:
        return [_two_codes(row, twin)]
    who, side = ("warehouse", "In the ERP") if has_left else ("ERP", "At the warehouse")
    text = f"The {who} has no row for {row.key.sku}: the item code is not cross-referenced."
    said = shown(row.left_at if has_left else row.right_at)
    return [Cause("not_cross_referenced", text, 0.7 if row.movements else 0.85, ((side, said),))]


def _two_codes(row: Row, twin: Twin) -> Cause:
    sku = row.key.sku
    counted = f"{shown(twin.quantity)} of {twin.sku} and none of {sku}"
    text = f"The warehouse counts {counted}: one item under two codes."
    evidence = (
        (f"Only left: {sku}", shown(row.left_at)),
        (f"Only right: {twin.sku}", shown(twin.quantity)),
    )
    return Cause("not_cross_referenced", text, 0.9, evidence)


def twins(rows: Iterable[Row]) -> dict[Key, Twin]:
    """For the key of each row that only the left side has, one of the right side alone that could be the
    same item: at the same place, with the same quantity, and the only such one on both sides."""
    right: dict[tuple[str, Amount], list[Row]] = {}
    left: dict[tuple[str, Amount], list[Row]] = {}
    for row in rows:
        if row.state == "missing_left" and row.right_at > 0:
            right.setdefault((row.key.location, row.right_at), []).append(row)
        elif row.state == "missing_right" and row.left_at > 0:
            left.setdefault((row.key.location, row.left_at), []).append(row)
    return {
        alone[0].key: Twin(right[place][0].key.sku, place[1])
        for place, alone in left.items()
        if len(alone) == 1 and len(right.get(place, ())) == 1
    }


def _before(trail: Sequence[Seen]) -> Seen | None:
    """The last gap that was another than the newest one."""
    return next((seen for seen in reversed(trail) if seen.gap != trail[-1].gap), None)
