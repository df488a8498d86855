"""What other prices would have brought, summed up of what they would have brought month by month."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from billing.plans.margin import percent_of
from portal.core.money import add_up

_ZERO = Decimal(0)


class MonthEffect(NamedTuple):
    """One account's month: what it paid, what it would have paid, what it used and what that costs
    (None: not known)."""

    account: int
    name: str
    month: str
    before: Decimal
    after: Decimal
    units: Decimal
    wholesale: Decimal | None
    trouble: str

    @property
    def change(self) -> Decimal:
        return self.after - self.before


class Effect(NamedTuple):
    """Of one account, or of all of them. Margins are None where the wholesale price of a month is not
    known; percentages also where nothing was sold."""

    account: int
    name: str
    before: Decimal
    after: Decimal
    units: Decimal
    wholesale: Decimal | None
    trouble: str

    @property
    def change(self) -> Decimal:
        return self.after - self.before

    @property
    def margin(self) -> Decimal | None:
        return None if self.wholesale is None else self.after - self.wholesale

    @property
    def percent(self) -> Decimal | None:
        return None if self.margin is None else percent_of(self.margin, self.after)

    @property
    def percent_before(self) -> Decimal | None:
        if self.wholesale is None:
            return None
        return percent_of(self.before - self.wholesale, self.before)


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
            None if row["wholesale"] is None else Decimal(row["wholesale"]), row["trouble"],
        )
        for row in rows
    ]  # fmt: skip


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
    costs = [one.wholesale for one in of]
    known = [one for one in costs if one is not None]
    return Effect(
        account,
        name,
        add_up(one.before for one in of),
        add_up(one.after for one in of),
        add_up(one.units for one in of),
        add_up(known) if len(known) == len(costs) else None,
        next((one.trouble for one in of if one.trouble), ""),
    )
