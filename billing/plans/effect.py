"""What other prices would have brought, summed up of what they would have brought month by month."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from billing.plans.margin import percent_of
from portal.core.money import add_up

_ZERO = Decimal(0)


class Costs(NamedTuple):
    """What an account costs: `wholesale`, and people and machines as `work`. That is for all it has, and so
    is the margin: `rest` is what it pays beside what is compared."""

    wholesale: Decimal
    rest: Decimal
    work: Decimal


class MonthEffect(NamedTuple):
    """One account's month: what it paid, what it would have paid, what it used and what that costs
    (None: not known)."""

    account: int
    name: str
    month: str
    before: Decimal
    after: Decimal
    units: Decimal
    costs: Costs | None
    trouble: str

    @property
    def change(self) -> Decimal:
        return self.after - self.before

    @property
    def wholesale(self) -> Decimal | None:
        return self.costs.wholesale if self.costs else None


class Effect(NamedTuple):
    """Of one account, or of all of them. Margins are None where the wholesale price of a month is not
    known; percentages also where nothing was sold."""

    account: int
    name: str
    before: Decimal
    after: Decimal
    units: Decimal
    costs: Costs | None
    trouble: str

    @property
    def change(self) -> Decimal:
        return self.after - self.before

    @property
    def wholesale(self) -> Decimal | None:
        return self.costs.wholesale if self.costs else None

    @property
    def margin(self) -> Decimal | None:
        """Of all that the account would have paid."""
        return self._margin(self.after)

    @property
    def percent(self) -> Decimal | None:
        return self._percent(self.margin, self.after)

    @property
    def percent_before(self) -> Decimal | None:
        return self._percent(self._margin(self.before), self.before)

    @property
    def left(self) -> Decimal | None:
        """The true margin: after people and machines."""
        margin = self.margin
        return margin - self.costs.work if self.costs and margin is not None else None

    @property
    def left_percent(self) -> Decimal | None:
        return self._percent(self.left, self.after)

    def _margin(self, paid: Decimal) -> Decimal | None:
        return paid + self.costs.rest - self.costs.wholesale if self.costs else None

    def _percent(self, part: Decimal | None, paid: Decimal) -> Decimal | None:
        return percent_of(part, paid + self.costs.rest) if self.costs and part is not None else None


class Effects(NamedTuple):
    """`accounts` by the size of their change, the greatest loss first."""

    accounts: tuple[Effect, ...]
    total: Effect

    @property
    def losers(self) -> int:
        """How many would have paid more."""
        return sum(one.change > 0 for one in self.accounts)

    @property
    def winners(self) -> int:
        """How many would have paid less."""
        return sum(one.change < 0 for one in self.accounts)


def read(rows: Iterable[Mapping[str, Any]]) -> list[MonthEffect]:
    """The rows that a simulation keeps."""
    return [
        MonthEffect(
            row["account"], row["name"], row["month"], Decimal(row["before"]), Decimal(row["after"]),
            Decimal(row["units"]),
            _costs(row), row["trouble"],
        )
        for row in rows
    ]  # fmt: skip


def _costs(row: Mapping[str, Any]) -> Costs | None:
    if row["wholesale"] is None:
        return None
    return Costs(*(Decimal(row[name]) for name in Costs._fields))


def effects(months: Iterable[MonthEffect]) -> Effects:
    """Account by account and together."""
    found: dict[int, list[MonthEffect]] = {}
    for one in months:
        found.setdefault(one.account, []).append(one)
    each = [_sum(of, account=pk, name=of[0].name) for pk, of in found.items()]
    each.sort(key=lambda one: (one.change, one.name))
    return Effects(tuple(each), _sum(each, account=0, name="All"))


def _sum(of: Iterable[MonthEffect | Effect], *, account: int, name: str) -> Effect:
    of = list(of)
    known = [one.costs for one in of if one.costs is not None]
    return Effect(
        account,
        name,
        add_up(one.before for one in of),
        add_up(one.after for one in of),
        add_up(one.units for one in of),
        _together(known) if len(known) == len(of) else None,
        next((one.trouble for one in of if one.trouble), ""),
    )


def _together(costs: Iterable[Costs]) -> Costs:
    costs = list(costs)
    return Costs(
        add_up(one.wholesale for one in costs),
        add_up(one.rest for one in costs),
        add_up(one.work for one in costs),
    )
