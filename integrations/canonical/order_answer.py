"""What a supplier says of an order, held against the order.

An answer is {number, refused, reason, lines}; a line is {line_no, item, own_item, gtin, refused, confirmed,
backordered, uom, price, price_uom, date, about, other_item, reason}, of which everything may be missing. A
line that is not named is as ordered. `uom` and `price_uom` are the partner's words: what they are of the unit
that was ordered is for `rate` to say, and what names no unit is meant as ordered.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem, shorten
from integrations.canonical.units import Rate, only_the_same, shown

REFUSED: Final = "order_refused"
Fields = Mapping[str, Any]


class Compared(NamedTuple):
    """Why the order is refused as a whole, or what of it will be otherwise than ordered."""

    refusal: list[Problem]
    differences: list[Problem]

    @property
    def agrees(self) -> bool:
        return not (self.refusal or self.differences)


class _Asked(NamedTuple):
    """A line of the order and where it stands."""

    place: str
    name: str
    line: Fields

    @property
    def sku(self) -> str:
        return str(self.line.get("sku"))

    @property
    def unit(self) -> str:
        return str(self.line.get("uom") or "")

    @property
    def words(self) -> str:
        return f"{self.sku} (line {self.name})"


def compare(order: Fields, answer: Fields, *, label: str, rate: Rate = only_the_same) -> Compared:
    """What differs, in words for a person. An order that was cancelled agrees with a refusal, and nothing
    else that is said of it matters any more."""
    said = _said(order, answer)
    refused = answer.get("refused") or (said and _all_refused(order, said))
    if order.get("status") == "cancelled":
        return Compared([], [] if refused else [_still_taken(order, label)])
    if refused:
        return Compared(_refusal(order, answer, said, label), [])
    differ = [
        p for asked, line in said for p in _line(asked, line, label, requested=order, rate=rate)
    ]
    return Compared([], differ)


def _said(order: Fields, answer: Fields) -> list[tuple[_Asked | None, Fields]]:
    ordered = [
        _Asked(f"lines[{at}]", str(line.get("line_no") or at + 1), line)
        for at, line in enumerate(order.get("lines") or [])
    ]
    return [(_asked(ordered, line), line) for line in answer.get("lines") or []]


def _asked(ordered: Sequence[_Asked], line: Fields) -> _Asked | None:
    """The line of that number, else the first of that item."""
    number = str(line.get("line_no") or "").lstrip("0")
    codes = {str(line[key]) for key in ("own_item", "item", "gtin") if line.get(key)}
    by_number = next((one for one in ordered if one.name.lstrip("0") == number), None)
    if by_number and not line.get("own_item"):
        return by_number
    if by_number and by_number.line.get("sku") in codes:
        return by_number
    found = (one for one in ordered if codes & {one.line.get("sku"), one.line.get("gtin")})
    return next(found, None)


def _all_refused(order: Fields, said: Sequence[tuple[_Asked | None, Fields]]) -> bool:
    gone = {asked.place for asked, line in said if asked and line.get("refused")}
    return len(gone) == len(order.get("lines") or [])


def _still_taken(order: Fields, label: str) -> Problem:
    text = f"{label} takes order {order.get('number')}, which was cancelled."
    return Problem("ack_too_late", "", str(order.get("number")), text)


def _refusal(
    order: Fields, answer: Fields, said: Sequence[tuple[_Asked | None, Fields]], label: str
) -> list[Problem]:
    reasons = [str(answer.get("reason") or ""), *(str(x.get("reason") or "") for _, x in said)]
    why = "; ".join(dict.fromkeys(filter(None, reasons))) or "no reason is given"
    number = str(order.get("number") or "")
    text = f"{label} refuses order {number}: {shorten(why)}."
    return [Problem(REFUSED, "", number, text)]


def _line(
    asked: _Asked | None, line: Fields, label: str, *, requested: Fields, rate: Rate
) -> list[Problem]:
    if asked is None:
        code = str(line.get("own_item") or line.get("item") or line.get("line_no") or "")
        text = f"{label} answers for {shorten(code)}, which the order does not have."
        return [Problem("quantity_changed", "lines", shorten(code), text)]
    why = f": {shorten(str(line['reason']))}." if line.get("reason") else "."
    if line.get("refused"):
        text = f"{label} refuses {asked.line.get('quantity')} {asked.unit} of {asked.words}{why}"
        return [Problem("line_refused", asked.place, asked.sku, text)]
    return [
        *_units(asked, line, label, rate),
        *_quantity(asked, line, why, label, rate=rate),
        *_price(asked, line, label, rate),
        *_date(asked, line, requested, label),
        *_substitute(asked, line, label),
    ]


def _of_ours(asked: _Asked, theirs: Any, rate: Rate) -> Fraction | None:
    """How many of the unit that was ordered one of theirs is; where either names none, they are the same."""
    if not theirs or not asked.unit:
        return Fraction(1)
    return rate(asked.sku, str(theirs), asked.unit)


def _units(asked: _Asked, line: Fields, label: str, rate: Rate) -> Iterator[Problem]:
    """What cannot be compared, as one is not known in the other: never as ordered, and never cut."""
    said = {}
    if _number(line.get("price")) is not None and _number(asked.line.get("unit_price")) is not None:
        said[line.get("price_uom")] = f"asks {line['price']} per {line.get('price_uom')} for"
    if _number(line.get("confirmed")):  # none of it is none in every unit
        said[line.get("uom")] = f"confirms {line['confirmed']} {line.get('uom')} of"
    for unit, words in said.items():
        if _of_ours(asked, unit, rate) is None:
            text = (
                f"{label} {words} {asked.words}, and {asked.line.get('quantity')} {asked.unit} were ordered;"
                f" how many {asked.unit} a {shorten(str(unit))} is, is not known."
            )
            yield Problem("uom_mismatch", f"{asked.place}.uom", shorten(str(unit)), text)


def _quantity(asked: _Asked, line: Fields, why: str, label: str, *, rate: Rate) -> list[Problem]:
    ordered, confirmed = _number(asked.line.get("quantity")), _number(line.get("confirmed"))
    if confirmed is None or ordered is None:
        return []
    of_ours = _of_ours(asked, line.get("uom"), rate) if confirmed else Fraction(1)
    if of_ours is None or Fraction(confirmed) * of_ours == Fraction(ordered):
        return []
    told = "" if of_ours == 1 else f", told as {line['confirmed']} {line['uom']}"
    much = line["confirmed"] if of_ours == 1 else shown(Fraction(confirmed) * of_ours)
    unit = "" if line.get("uom") in (None, "", asked.unit) else f" {line['uom']}"
    rest = f", {line['backordered']}{unit} on backorder" if line.get("backordered") else ""
    wanted = f"{asked.line.get('quantity')} {asked.line.get('uom')}"
    text = f"{label} confirms {much} of {wanted} of {asked.words}{told}{rest}{why}"
    return [Problem("quantity_changed", f"{asked.place}.quantity", asked.sku, text)]


def _price(asked: _Asked, line: Fields, label: str, rate: Rate) -> list[Problem]:
    ours, theirs = _number(asked.line.get("unit_price")), _number(line.get("price"))
    of_ours = _of_ours(asked, line.get("price_uom"), rate)
    if ours is None or theirs is None or of_ours is None:
        return []
    # In another unit it may have been rounded there: 53.50 a case of 12 is 4.4583 each.
    rounded = Fraction(1, 2) / 10 ** _places(theirs) if of_ours != 1 else Fraction(0)
    if abs(Fraction(theirs) - Fraction(ours) * of_ours) <= rounded:
        return []
    per, per_ours = (
        ("", "") if of_ours == 1 else (f" per {line['price_uom']}", f" per {asked.unit}")
    )
    text = (
        f"{label} asks {line['price']}{per} for {asked.words},"
        f" and the order says {asked.line['unit_price']}{per_ours}."
    )
    return [Problem("price_mismatch", f"{asked.place}.unit_price", asked.sku, text)]


def _places(number: Decimal) -> int:
    """To how many places a price was rounded: 4.5 stands for 4.50."""
    return max(2, -int(number.as_tuple().exponent))


def _date(asked: _Asked, line: Fields, order: Fields, label: str) -> list[Problem]:
    """Only against a day of the same kind: a day of leaving is no day of arrival."""
    wanted = str(order.get(f"requested_{line.get('about')}") or "")[:10]
    told = str(line.get("date") or "")
    if not wanted or told <= wanted:
        return []
    verb = "ship" if line.get("about") == "ship" else "deliver"
    text = f"{label} will {verb} {asked.words} on {told}, and {wanted} was asked for."
    return [Problem("date_moved", f"{asked.place}.date", asked.sku, text)]


def _substitute(asked: _Asked, line: Fields, label: str) -> list[Problem]:
    other = str(line.get("other_item") or "")
    if not other or other == asked.sku:
        return []
    text = f"{label} will send {shorten(other)} instead of {asked.words}."
    return [Problem("substitution", f"{asked.place}.sku", asked.sku, text)]


def _number(value: Any) -> Decimal | None:
    return Decimal(str(value)) if value not in (None, "") else None
