"""What a draft would have brought over past months, account by account.

Both amounts are made by the functions that make invoices: what is owed by the prices that held, and by those
of the draft, with the usage, the own prices, the discounts and the place in trial and ramp of each month. So
a version that everybody moves to bills what was simulated for the same usage, to the cent. A spending cap
and what is charged once by hand are of the account and not of its plan: they are left out of both.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from billing.domain import accounts, figures, terms
from billing.models import Account, MonthFigure, Plan, PlanVersion, Simulation, Subscription
from billing.plans import reading
from billing.plans.content import PlanContent
from billing.plans.fee import Fee
from billing.plans.fees import fees
from billing.plans.month import Month, month, month_after, month_of, months_back
from billing.plans.term import Term
from billing.rating import TermsError, UsageError
from portal.core.money import add_up
from portal.jobs import lanes
from portal.tenants.current import is_platform

LANE: Final = "simulate"
MONTHS: Final = (3, 6, 12)
_BITE: Final = 20
_LONG_AGO: Final = date(2000, 1, 1)  # whoever never had the plan is past its trial and ramps
State = Simulation.State


class NotSimulatedError(ValueError):
    """It cannot be simulated; the text says why."""


def ask(version: PlanVersion, *, months: int, everyone: bool, by: str) -> Simulation:
    """Simulate a draft as it is saved, over closed months. In the public schema it is made at once,
    elsewhere in its lane."""
    if months not in MONTHS:
        raise NotSimulatedError("Choose 3, 6 or 12 months.")
    made = Simulation(
        plan=version.plan, edition=version.edition, content=version.content, months=months,
        until=months_back(month(accounts.month_now()), 1).key, everyone=everyone, asked_by=by[:80],
    )  # fmt: skip
    made.of = _accounts(made).count()
    made.save()
    if is_platform():
        finish()
    else:
        lanes.wake(LANE)
    return made


def newest(plan: Plan) -> Simulation | None:
    return plan.simulations.first()


def months_of(simulation: Simulation) -> list[Month]:
    """The earliest first."""
    found = [months_back(month(simulation.until), simulation.months - 1)]
    while found[-1].key < simulation.until:
        found.append(month_after(found[-1]))
    return found


@transaction.atomic
def work() -> int:
    """Go on with the oldest simulation that waits, a few accounts at a time; returns how many things were
    done."""
    waiting = Simulation.objects.select_for_update().filter(state=State.WAITING)
    made = waiting.select_related("plan").order_by("pk").first()
    if made is None:
        return 0
    try:
        content = reading.read(made.content)
    except TermsError as error:
        _end(made, State.FAILED, trouble=str(error))
        return 1
    found = list(_accounts(made).filter(pk__gt=made.last_account).order_by("pk")[:_BITE])
    if not found:
        _end(made, State.DONE)
        return 1
    for account in found:
        made.result += [*_rows(made, account, content)]
    made.last_account, made.done = found[-1].pk, made.done + len(found)
    made.save(update_fields=["result", "last_account", "done"])
    return len(found)


def finish() -> None:
    """Work until nothing waits: where no worker does."""
    while work():
        pass


def _end(made: Simulation, state: str, *, trouble: str = "") -> None:
    made.state, made.trouble = state, trouble[:300]
    if state == State.DONE:
        made.result = [*_with_wholesale(made)]
    made.save(update_fields=["state", "trouble", "result"])


def _accounts(made: Simulation) -> QuerySet[Account]:
    """Whoever has any version of the plan in these months, or all who pay in its currency."""
    if made.everyone:
        return Account.objects.filter(currency=made.content["currency"])
    first, last = months_of(made)[0], month(made.until)
    held = Subscription.objects.filter(version__plan=made.plan, begins__lt=last.ends)
    held = held.filter(Q(ends=None) | Q(ends__gt=first.begins))
    return Account.objects.filter(pk__in=held.values("account"))


def _rows(made: Simulation, account: Account, content: PlanContent) -> Iterator[dict[str, Any]]:
    for at in months_of(made):
        if row := _row(made, account, at, content):
            yield row


def _row(
    made: Simulation, account: Account, at: Month, content: PlanContent
) -> dict[str, Any] | None:
    """None for a month in which there is nothing to compare."""
    held = list(terms.subscriptions(account, at))
    mine = [one for one in held if one.version.plan_id == made.plan_id]
    replaced = [one for one in held if _is_replaced(one, made.plan)] if made.everyone else mine
    proposed = [terms.term(one, at, content=content) for one in mine]
    if not mine and made.everyone and at.key >= _began(account):
        proposed = [_as_if(made, content)]
    if not replaced and not proposed:
        return None
    row: dict[str, Any] = {
        "account": account.pk, "name": account.name, "month": at.key, "before": "0", "after": "0",
        "units": "0", "fees": {}, "wholesale": None, "trouble": "",
    }  # fmt: skip
    if account.currency != content.currency:
        return row | {"trouble": f"{account.name} pays in {account.currency}."}
    try:
        return row | _amounts(account, at, [terms.term(one, at) for one in replaced], proposed)
    except (TermsError, UsageError) as error:
        return row | {"trouble": str(error)[:200]}


def _is_replaced(one: Subscription, plan: Plan) -> bool:
    """A plan stands instead of another; an add-on beside them."""
    return one.version.plan_id == plan.pk or not (plan.is_addon or one.version.plan.is_addon)


def _began(account: Account) -> str:
    """The first month of which it is known that there was the account."""
    made = account.created_at.astimezone(ZoneInfo(account.time_zone)).date()
    return min(month_of(made).key, account.open_from)


def _as_if(made: Simulation, content: PlanContent) -> Term:
    """By these prices for a whole month, trial and ramps over, nothing else agreed on."""
    return Term(key=0, plan=made.plan.name, version=0, content=content, begins=_LONG_AGO)


def _amounts(account: Account, at: Month, before: list[Term], after: list[Term]) -> dict[str, Any]:
    found = terms.with_usage(before, account, at)
    owed = add_up(fee.amount for one in found for fee in fees(one, at))
    proposed = [fee for one in terms.with_usage(after, account, at) for fee in fees(one, at)]
    by_fee: dict[str, Decimal] = {}
    for fee in proposed:
        by_fee[fee.key] = by_fee.get(fee.key, Decimal(0)) + fee.amount
    units = add_up(fee.quantity or Decimal(0) for fee in proposed if fee.metric == _size(proposed))
    return {
        "before": str(owed), "after": str(add_up(by_fee.values())), "units": str(units),
        "fees": {key: str(amount) for key, amount in by_fee.items()},
    }  # fmt: skip


def _size(proposed: Sequence[Fee]) -> str:
    """The metric that tells how big an account is: that of the first charge that counts anything."""
    return next((fee.metric for fee in proposed if fee.metric), "")


def _with_wholesale(made: Simulation) -> Iterator[dict[str, Any]]:
    """The rows with what each month cost, where the platform charges anything in the same currency."""
    kept = _kept(made) if not is_platform() else {}
    has_any = any(figure.wholesale for figure in kept.values())
    for row in made.result:
        figure = kept.get((row["account"], row["month"])) if has_any else None
        yield row | (_costs(row, figure) if figure else {"wholesale": None})


def _costs(row: Mapping[str, Any], figure: MonthFigure) -> dict[str, str]:
    """What the account's whole month costs, and what it pays beside what is compared."""
    return {
        "wholesale": str(figure.wholesale),
        "rest": str(figure.retail - Decimal(row["before"])),
        "work": str(figure.work + figure.infrastructure),
    }


def _kept(made: Simulation) -> dict[tuple[int, str], MonthFigure]:
    keys = [one.key for one in months_of(made)]
    kept = MonthFigure.objects.filter(month__in=keys)
    for key in set(keys) - set(kept.values_list("month", flat=True)):
        figures.keep(key)
    rows = kept.filter(currency=made.content["currency"]).exclude(trouble__gt="")
    return {(one.account_id, one.month): one for one in rows}
