"""Changed numbers: sign, factor, rounding, units."""

import re
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any, Final

from integrations.evidence.roles import NUMERIC, Role, role_of
from integrations.evidence.verdict import Verdict, alarm, note

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?", re.ASCII)
_HALF_CENT: Final = Decimal("0.005")
_MEASURED: Final = Decimal("0.01")
_FACTORS: Final = frozenset({Decimal(10) ** n for n in range(1, 7)})
_LARGEST_PACK: Final = 2000

# Names of one unit in X12, UN/ECE Recommendation 20 and plain English.
_SYNONYMS: Final = (
    "EA EACH PCE PC PCS C62 UNIT",
    "CA CS CASE",
    "BX BOX",
    "CT CTN CARTON",
    "PK PACK",
    "DZ DZN DOZ DOZEN",
    "PL PLT PALLET",
    "LB LBR LBS",
    "KG KGM KGS",
    "OZ ONZ",
    "G GR GRM",
    "IN INH",
    "CM CMT",
)
_UNIT: Final = {name: group.split()[0] for group in _SYNONYMS for name in group.split()}
_PHYSICAL: Final = {
    "LB": ("mass", Decimal("453.59237")),
    "OZ": ("mass", Decimal("28.349523125")),
    "KG": ("mass", Decimal(1000)),
    "G": ("mass", Decimal(1)),
    "IN": ("length", Decimal("2.54")),
    "CM": ("length", Decimal(1)),
}


def number_of(value: Any) -> Decimal | None:
    """The number in decimal text or a JSON number, None for all else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = value.strip() if isinstance(value, str) else repr(value)
    return Decimal(text) if len(text) < 40 and _NUMBER.fullmatch(text) else None


def judge_number(
    role: Role, old: Decimal, new: Decimal, *, before: dict[str, Any], after: dict[str, Any]
) -> Verdict:
    """`before` and `after` are the groups that hold the numbers, for the unit and the quantity."""
    if old == new:
        return note("format")
    if not old and role is Role.MONEY:
        return note("filled")
    if converted := _converted(old, new, before=before, after=after):
        return converted
    if not new:
        return alarm("zeroed")
    if old == -new:
        return alarm("sign")
    if rounded := _rounded(role, old, new, count=_count(after)):
        return rounded
    return _factor(old, new)


def _count(group: dict[str, Any]) -> Decimal:
    return abs(number_of(group.get("quantity", group.get("qty"))) or Decimal(1))


def _rounded(role: Role, old: Decimal, new: Decimal, *, count: Decimal) -> Verdict | None:
    had, has = _places(old), _places(new)
    if has > had and round(new, had) == old:
        return note("precision_gained")
    unit = Decimal(1).scaleb(-has)
    cuts = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)
    if has < had and any(old.quantize(unit, rounding=cut) == new for cut in cuts):
        measured = role is Role.MEASURE and abs(old - new) <= abs(old) * _MEASURED
        cheap = role is Role.MONEY and abs(old - new) * count < _HALF_CENT and has >= 2
        return note("format") if measured or cheap else alarm("precision_lost")
    return None


def _places(number: Decimal) -> int:
    text = format(number, "f")
    return len(text.partition(".")[2].rstrip("0"))


def _factor(old: Decimal, new: Decimal) -> Verdict:
    if not old:
        return alarm("number_changed")
    for ratio, sign in ((new / old, "×"), (old / new, "÷")):
        whole = ratio == ratio.to_integral_value() and 2 <= ratio <= _LARGEST_PACK
        if whole or ratio in _FACTORS:
            return alarm("factor", f"{sign}{ratio:.0f}")
    return alarm("number_changed")


def _units(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, str]:
    old, new = str(before.get("uom", "")).upper(), str(after.get("uom", "")).upper()
    return _UNIT.get(old, old), _UNIT.get(new, new)


def _converted(
    old: Decimal, new: Decimal, *, before: dict[str, Any], after: dict[str, Any]
) -> Verdict | None:
    """A number whose unit changes with it. None where the unit stays."""
    source, target = _units(before, after)
    if not (source and target) or source == target or not old or not new:
        return None
    if source in _PHYSICAL and target in _PHYSICAL:
        (kind, size), (other, other_size) = _PHYSICAL[source], _PHYSICAL[target]
        wanted = old * size / other_size
        right = kind == other and abs(wanted - new) <= abs(wanted) * _MEASURED
    else:
        right = any(r == r.to_integral_value() for r in (new / old, old / new))
    return note("unit_converted") if right else alarm("unit_conversion_wrong")


def judge_unit(before: dict[str, Any], after: dict[str, Any], old: str, new: str) -> Verdict:
    """A changed unit in its groups: another name, a conversion, or a number left behind."""
    if _UNIT.get(old.upper(), old.upper()) == _UNIT.get(new.upper(), new.upper()):
        return note("recoded")
    counted = [
        (number_of(value), number_of(after.get(name)))
        for name, value in before.items()
        if role_of(name) in NUMERIC - {Role.MONEY} or name == "value"
    ]
    nonzero = [(one, other) for one, other in counted if one]
    stays = any(one == other for one, other in nonzero)
    return alarm("unit_without_number") if stays or not nonzero else note("unit_converted")
