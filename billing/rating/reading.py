"""Charges out of JSON, and back to people: what is wrong with it, field by field."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from billing.rating.flat import Flat
from billing.rating.graduated import Graduated
from billing.rating.graduated_percentage import GraduatedPercentage
from billing.rating.package import Package
from billing.rating.percentage import Percentage
from billing.rating.standard import Standard
from billing.rating.terms import Charge, TermsError, refuse
from billing.rating.tiers import Tier
from billing.rating.volume import Volume
from portal.core.money import parse_amount

_MOST_TIERS: Final = 100


def read(model: str, terms: Any) -> Charge:
    """The charge of these terms. TermsError with a sentence for each field that is missing, unknown or
    wrong."""
    if model not in MODELS:
        raise TermsError(("model", f"There is no {model!r}. There are {', '.join(MODELS)}."))
    cls, fields = MODELS[model]
    return cls(**_fields(terms, fields, where=""))


def _fields(given: Any, known: Mapping[str, "_Field"], *, where: str) -> dict[str, Any]:
    """By the names of the charge's own fields."""
    if not isinstance(given, Mapping):
        place = where.rstrip(".") or "terms"
        raise TermsError((place, "It is an object with a field for each term."))
    found: dict[str, Any] = {}
    wrong = [*_unfit(given, known, where)]
    for name, field in known.items():
        if name not in given:
            continue
        try:
            found[field.name or name] = field.read(given[name], f"{where}{name}")
        except TermsError as error:
            wrong += error.problems
    refuse(wrong)
    return found


def _unfit(
    given: Mapping[str, Any], known: Mapping[str, "_Field"], where: str
) -> Iterator[tuple[str, str]]:
    for name in given:
        if name not in known:
            yield f"{where}{name}", f"There is no such term. There are {', '.join(known)}."
    for name, field in known.items():
        if field.needed and name not in given:
            yield f"{where}{name}", "It is missing."


class _Field:
    """How a term is read; `name` where the charge calls it otherwise, `none` where null is an answer."""

    def __init__(
        self,
        kind: Callable[[Any], Any],
        *,
        needed: bool = False,
        none: bool = False,
        name: str = "",
    ) -> None:
        self.kind, self.needed, self.none, self.name = kind, needed, none, name

    def read(self, value: Any, place: str) -> Any:
        if value is None and self.none:
            return None
        try:
            return self.kind(value)
        except TermsError as error:
            raise TermsError(
                *((f"{place}{under}", text) for under, text in error.problems)
            ) from None
        except (TypeError, ValueError) as error:
            raise TermsError((place, f"{str(error)[:1].upper()}{str(error)[1:]}.")) from None


def _amount(value: Any) -> Decimal:
    if not isinstance(value, str):
        raise TypeError('write it as text, such as "12.50"')
    return parse_amount(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _tiers(price: str) -> Callable[[Any], tuple[Tier, ...]]:
    fields = {
        "up_to": _Field(_amount, needed=True, none=True),
        price: _Field(_amount, needed=True, name="price"),
        "flat_amount": _Field(_amount),
    }

    def read_tiers(value: Any) -> tuple[Tier, ...]:
        if not isinstance(value, list) or len(value) > _MOST_TIERS:
            raise TypeError(f"it is a list of tiers, {_MOST_TIERS} at most")
        return tuple(Tier(**_fields(one, fields, where=f"[{at}].")) for at, one in enumerate(value))

    return read_tiers


_AMOUNT: Final = _Field(_amount)
_NEEDED: Final = _Field(_amount, needed=True)
_OR_NONE: Final = _Field(_amount, none=True)
_TIERED: Final = {"tiers": _Field(_tiers("unit_amount"), needed=True)}
MODELS: Final[Mapping[str, tuple[Callable[..., Charge], Mapping[str, _Field]]]] = {
    "flat": (Flat, {"amount": _NEEDED}),
    "standard": (Standard, {"unit_amount": _NEEDED, "free_units": _AMOUNT}),
    "graduated": (Graduated, _TIERED),
    "volume": (Volume, _TIERED),
    "package": (Package, {"amount": _NEEDED, "package_size": _NEEDED, "free_units": _AMOUNT}),
    "percentage": (
        Percentage,
        {
            "rate": _Field(_amount, needed=True, name="rate_percent"),
            "fixed_amount": _AMOUNT,
            "free_events": _Field(_count, none=True),
            "free_amount": _OR_NONE,
            "minimum": _OR_NONE,
            "maximum": _OR_NONE,
        },
    ),
    "graduated_percentage": (
        GraduatedPercentage,
        {"tiers": _Field(_tiers("rate"), needed=True)},
    ),
}


def quantity(value: Any) -> Decimal:
    """A quantity as JSON writes it: decimal text. TermsError otherwise."""
    return _Field(_amount).read(value, "quantity")
