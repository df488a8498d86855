"""The usage of the editor's example: what its author says, or else what customers really used of late."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from statistics import median_low
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import QueryDict

from billing.domain import accounts
from billing.models import Account, Metric, Plan
from billing.plans.example import in_events
from billing.plans.month import Month, month, months_back
from billing.queries import sold, used
from billing.rating import Usage
from billing.views import plan_side
from billing.views.plan_sheet import grouped
from portal.core import clock
from portal.core.decimals import plain_number

_MADE_UP: Final = Decimal(1000)
_MOST: Final = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Real:
    """What accounts used in `of`, by metric and account; `of` is the last closed month, or the running one
    where there is nothing before."""

    accounts: list[Account]
    of: Month
    is_running: bool
    used: Mapping[str, Mapping[int, Decimal]] = field(default_factory=dict)

    def amounts(self, metric: str) -> list[Decimal]:
        return sorted(self.used.get(metric, {}).values())

    @property
    def by_metric(self) -> dict[str, list[Decimal]]:
        return {code: self.amounts(code) for code in self.used}


def real(plan: Plan, metrics: Iterable[Metric]) -> Real:
    """Of whoever has the plan, or of anybody where nobody has."""
    metrics = list(metrics)
    now = month(accounts.month_now())
    today = clock.now().astimezone(ZoneInfo(accounts.entity().time_zone)).date()
    held = sold.accounts_of(plan, today, most=used.MOST_ACCOUNTS)
    for of, is_running in ((months_back(now, 1), False), (now, True)):
        found = used.used([one.pk for one in held], metrics, of)
        if any(found.values()):
            return Real(held, of, is_running, found)
    return Real(held, months_back(now, 1), False, {})


@dataclass(frozen=True, slots=True)
class Asked:
    """The usage by metric of the example, and whose it is: a slug, or "" for the one in the middle."""

    who: str
    amounts: Mapping[str, Decimal]
    wrong: Mapping[str, str]

    def usage(self, events: frozenset[str]) -> dict[str, Usage]:
        """`events`: metrics that are rated event by event; their worth is spread over 100 of them."""
        return {
            code: in_events(amount, 100) if code in events else Usage(amount)
            for code, amount in self.amounts.items()
        }


def asked(data: QueryDict | None, metrics: Iterable[str], found: Real) -> Asked:
    """What the form says; where another customer is picked, what that one used."""
    who = data.get("as", "") if data else ""
    account = next((one for one in found.accounts if one.slug == who), None)
    who = account.slug if account else ""
    is_fresh = data is None or data.get("as_was", "") != who
    amounts: dict[str, Decimal] = {}
    wrong: dict[str, str] = {}
    for code in metrics:
        text = None if data is None or is_fresh else data.get(f"usage.{code}")
        if text is None:
            amounts[code] = _usual(code, account, found)
            continue
        try:
            amounts[code] = _read(text)
        except (InvalidOperation, ValueError):
            amounts[code], wrong[code] = Decimal(0), f"{text[:20]} is no number such as 8,400."
    return Asked(who, amounts, wrong)


def _read(text: str) -> Decimal:
    value = Decimal(text.replace(",", "").strip() or "0")
    if not value.is_finite() or not 0 <= value < _MOST:
        raise ValueError(text)
    return value.quantize(Decimal("0.0001")).normalize() + 0


def _usual(code: str, account: Account | None, found: Real) -> Decimal:
    by_account = found.used.get(code, {})
    if account:
        return by_account.get(account.pk, Decimal(0))
    if by_account:
        return median_low(by_account.values())
    return Decimal(0) if any(found.used.values()) else _MADE_UP


def shown(one: Asked, found: Real, metrics: Iterable[Metric]) -> dict[str, Any]:
    """{who, options, note, rows [{name, id, label, unit, value, said}]} for the form."""
    known = {metric.code: metric for metric in metrics}
    options = [
        {"value": account.slug, "label": account.name, "chosen": account.slug == one.who}
        for account in found.accounts
    ]
    return {
        "who": one.who,
        "options": options,
        "middle": f"the {plan_side.one()} in the middle",
        "note": _note(found),
        "rows": [
            {
                "name": f"usage.{code}",
                "id": f"usage-{code}",
                "label": known[code].name if code in known else code,
                "value": grouped(plain_number(amount)),
                "said": one.wrong.get(code, ""),
            }
            for code, amount in one.amounts.items()
        ],
    }


def _note(found: Real) -> str:
    if not any(found.used.values()):
        return "Nobody has used anything yet: these numbers are made up."
    said = f"{found.of.begins:%B %Y}"
    return f"As used in {said} so far." if found.is_running else f"As used in {said}."
