"""How one step of an amount is said: `100 × 1.00 = 100.00, the first 100`."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from billing.invoices.content import Line, Step
from portal.core.decimals import plain_number
from portal.core.money import Money
from portal.core.money_format import MINUS, format_money
from portal.core.words import figures, ngettext
from portal.core.words import gettext as _

_ZERO: Final = Decimal(0)
_PRICED: Final = frozenset({"units", "packages", "percent"})


def steps_said(line: Line, currency: str) -> tuple[str, ...]:
    """A sentence for each step of `line`, in its order; amounts in `currency`, as they were rated."""
    saying = _Saying(line, currency)
    return tuple(saying.step(one) for one in line.steps)


def number(value: Decimal) -> str:
    """`12,400.5`: all its decimals, none that is not needed."""
    whole, point, places = plain_number(value.copy_abs()).partition(".")
    return figures(f"{MINUS if value < 0 else ''}{int(whole):,}{point}{places}")


def amount(value: Decimal, currency: str) -> str:
    """`1,234.50` without the currency: its minor unit at least, more where the amount has more."""
    return figures(format_money(Money(value, currency)))


class _Saying:
    """What the steps of one line have in common."""

    def __init__(self, line: Line, currency: str) -> None:
        self._line = line
        self._currency = currency
        self._is_worth = any(step.kind == "percent" for step in line.steps)
        self._free = [step for step in line.steps if step.kind == "free"]
        self._tiers = [step for step in line.steps if step.kind in _PRICED]
        self._ways: dict[str, Callable[[Step], str]] = {
            "units": self._units,
            "flat": self._flat,
            "packages": self._packages,
            "percent": self._percent,
            "fixed": self._fixed,
            "minimum": self._minimum,
            "maximum": self._maximum,
            "free": self._free_of_charge,
        }

    def step(self, step: Step) -> str:
        way = self._ways.get(step.kind)
        return way(step) if way else f"{step.kind}: {self._money(step.amount)}"

    def _money(self, value: Decimal) -> str:
        return amount(value, self._currency)

    def _quantity(self, value: Decimal) -> str:
        """Of a percentage it is money, too."""
        return self._money(value) if self._is_worth else number(value)

    def _units(self, step: Step) -> str:
        return self._product(number(step.quantity), step) + self._where(step)

    def _packages(self, step: Step) -> str:
        word = ngettext("package", "packages", 1 if step.quantity == 1 else 2)
        after = (
            _(", after the %(above)s that are free") % {"above": number(step.above)}
            if step.above
            else ""
        )
        return self._product(f"{number(step.quantity)} {word}", step) + after

    def _percent(self, step: Step) -> str:
        of = _("%(price)s %% of %(quantity)s") % {
            "price": number(step.price),
            "quantity": self._money(step.quantity),
        }
        return f"{of} = {self._money(step.amount)}{self._where(step)}"

    def _fixed(self, step: Step) -> str:
        return self._product(number(step.quantity), step) + _(", the fixed fee for each")

    def _product(self, many: str, step: Step) -> str:
        return f"{many} × {self._money(step.price)} = {self._money(step.amount)}"

    def _flat(self, step: Step) -> str:
        if step.amount != step.price:
            part = _("the part of %(price)s for these days") % {"price": self._money(step.price)}
            return f"{self._money(step.amount)}, {part}"
        if step.above is None:
            return _("%(amount)s, a fixed amount") % {"amount": self._money(step.amount)}
        return _("%(amount)s once") % {"amount": self._money(step.amount)} + self._tier(step)

    def _tier(self, step: Step) -> str:
        """Of which tier a fixed amount is."""
        if not step.above and step.up_to is None:
            return ""
        told = {"range": self._range(step)}
        return _(", %(range)s") % told if step.above else _(", for %(range)s") % told

    def _minimum(self, step: Step) -> str:
        return _("%(amount)s added to reach the minimum of %(each)s") % {
            "amount": self._money(step.amount),
            "each": self._each(step),
        }

    def _maximum(self, step: Step) -> str:
        cut = self._money(step.amount.copy_abs())
        return _("%(amount)s taken off to stay within the maximum of %(each)s") % {
            "amount": cut,
            "each": self._each(step),
        }

    def _each(self, step: Step) -> str:
        price = self._money(step.price)
        return (
            price
            if step.quantity == 1
            else _("%(price)s, %(quantity)s times")
            % {"price": price, "quantity": number(step.quantity)}
        )

    def _free_of_charge(self, step: Step) -> str:
        said = _("%(quantity)s free of charge") % {"quantity": self._quantity(step.quantity)}
        if step.up_to is None:
            return said
        is_whole = step.quantity >= step.up_to - (step.above or 0)
        if step is self._free[0]:
            which = _("the first %(up_to)s") if is_whole else _("of the first %(up_to)s")
        else:
            which = _("the next %(up_to)s") if is_whole else _("of the next %(up_to)s")
        return f"{said}, {which % {'up_to': self._quantity(step.up_to)}}"

    def _where(self, step: Step) -> str:
        """Which units a step is about; empty where it is all there are."""
        if self._is_after_allowance(step):
            return _(", after the %(quantity)s that are free") % {
                "quantity": self._quantity(step.above or _ZERO)
            }
        if self._is_volume(step):
            told = {"range": self._range(step)}
            return _(", all at the price that holds %(range)s") % told + self._after_free
        if not step.above and step.up_to is None:
            return _(", all after the free ones") if self._after_free else ""
        is_part = not step.above and step.up_to is not None and step.quantity < step.up_to
        told = {"range": self._range(step)}
        where = _(", of %(range)s") % told if is_part else _(", %(range)s") % told
        return f"{where}{self._after_free}"

    def _is_after_allowance(self, step: Step) -> bool:
        return bool(self._free) and step.up_to is None and step.above == self._free[-1].quantity

    def _is_volume(self, step: Step) -> bool:
        """One tier's price is for everything: nothing was rated in the tiers below it."""
        return bool(step.above) and step is self._tiers[0]

    @property
    def _after_free(self) -> str:
        """Tiers are counted from where the included units end."""
        return _(" after the free ones") if self._free else ""

    def _range(self, step: Step) -> str:
        """`the first 100`, `from 101 to 200`, `above 200`."""
        above, up_to = step.above or _ZERO, step.up_to
        if up_to is None:
            return _("above %(above)s") % {"above": self._quantity(above)}
        if not above:
            return _("the first %(up_to)s") % {"up_to": self._quantity(up_to)}
        if self._is_worth or not self._is_whole:
            return _("above %(above)s, up to %(up_to)s") % {
                "above": self._quantity(above),
                "up_to": self._quantity(up_to),
            }
        return _("from %(first)s to %(up_to)s") % {
            "first": number(above + 1),
            "up_to": number(up_to),
        }

    @property
    def _is_whole(self) -> bool:
        """Half a unit more than 100 is above 100 and not from 101 on."""
        edges = [step.up_to for step in self._tiers] + [step.quantity for step in self._tiers]
        return all(edge == edge.to_integral_value() for edge in edges if edge is not None)
