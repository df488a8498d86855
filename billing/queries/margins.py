"""Kept figures of months, for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from billing.models import MonthFigure
from billing.plans.margin import percent_of
from billing.plans.month import Month
from portal.customers.models import Customer

_ZERO = Decimal(0)
_SUMS = ("retail", "wholesale", "work", "infrastructure", "minutes", "documents")


@dataclass(frozen=True, slots=True)
class Figures:
    """A month of one account, or of all. Amounts in the currency of whoever bills."""

    retail: Decimal = _ZERO
    wholesale: Decimal = _ZERO
    work: Decimal = _ZERO
    infrastructure: Decimal = _ZERO
    minutes: Decimal = _ZERO
    documents: int = 0

    @property
    def margin(self) -> Decimal:
        return self.retail - self.wholesale

    @property
    def percent(self) -> Decimal | None:
        return percent_of(self.margin, self.retail)

    @property
    def left(self) -> Decimal:
        """The true margin."""
        return self.margin - self.work - self.infrastructure

    @property
    def true_percent(self) -> Decimal | None:
        return percent_of(self.left, self.retail)

    @property
    def cost(self) -> Decimal:
        return self.retail - self.left


def of_account(figure: MonthFigure) -> Figures:
    return Figures(
        figure.retail, figure.wholesale, figure.work, figure.infrastructure, figure.minutes,
        figure.documents,
    )  # fmt: skip


def by_month(
    months: Sequence[Month], *, account: int | None = None, group: str = ""
) -> dict[str, Figures]:
    """Of each month that has any, all accounts together, those of a group's customers, or one."""
    found = MonthFigure.objects.filter(month__in=[one.key for one in months])
    if account is not None:
        found = found.filter(account_id=account)
    if group:
        members = Customer.objects.filter(groups__slug=group)
        found = found.filter(account__customer_id__in=members.values("pk"))
    rows: Any = (
        found.order_by().values("month").annotate(**{f"sum_{name}": Sum(name) for name in _SUMS})
    )
    return {row["month"]: Figures(*(row[f"sum_{name}"] for name in _SUMS)) for row in rows}
