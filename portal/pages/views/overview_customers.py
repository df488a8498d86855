"""The customers of the overview, those first that need a look."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, Count, F, Min, Sum, Value, When
from django.http import HttpRequest
from django.utils import timezone

from billing.models import MonthFigure
from billing.queries import margins
from billing.views import margin_words
from integrations.queries import passing, traffic
from integrations.queries.traffic import Moved
from integrations.queries.windows import outward
from integrations.views import spoken
from integrations.views.filters import Whose
from monitoring.models import ExceptionCase, ObjectiveWindow
from monitoring.queries import desk, effort, kept, risk
from monitoring.queries.effort import Effort
from monitoring.views import promise_words as words
from portal.core import manner
from portal.core.charts.sparks import spark
from portal.customers.models import Customer

MONTH = timedelta(days=28)
_NOTHING_LEFT = {"text": "none", "url": "", "is_low": False}
# That a channel of alerts takes nothing is no customer's: such cases are counted under 0.
_WHOSE = Case(
    When(origin=ExceptionCase.Origin.CHANNEL, then=Value(0)),
    default=F("customer_id"),
    output_field=BigIntegerField(),
)


class Cases(NamedTuple):
    """A customer's open cases: how many, the worst of them, what is at risk."""

    open: int = 0
    severity: int = 9
    worst: str = ""
    at_risk: str = "none"


class Promises(NamedTuple):
    """How many of a customer's promises are measured and how many missed, and the window whose budget is
    used most."""

    measured: int
    missed: int
    worst: ObjectiveWindow


def rows(
    request: HttpRequest,
    moved: dict[tuple[int, str], Moved],
    whose: Whose,
    *,
    now: datetime,
    midnight: datetime,
) -> tuple[list[dict[str, Any]], dict[int, Cases]]:
    """Everybody chosen as the page shows them, and the open cases of each that has any; those of nobody
    under 0, where nobody is chosen."""
    customers = list(whose.of(Customer.objects.all(), column="pk"))
    cases, orders = _cases(), traffic.new_orders(midnight)
    if whose:
        cases = {one.pk: cases[one.pk] for one in customers if one.pk in cases}
    work, passed = effort.efforts(outward(now - MONTH, now)), passing.weekly(now)
    promises, left = _promises(now), _left(request, now)
    sums: dict[int, Moved] = {}
    for (customer_id, _), one in moved.items():
        sums[customer_id] = sums.get(customer_id, Moved()).plus(one)
    found = [
        {
            **_customer(request, one, sums.get(one.pk, Moved()), cases.get(one.pk, Cases())),
            **_promised(promises.get(one.pk)),
            **_work(work.get(one.pk, Effort())),
            "orders": orders.get(one.pk, 0),
            **_passed(passed.get(one.pk, [])),
            "left": left.get(one.pk, _NOTHING_LEFT),
        }
        for one in customers
    ]
    return sorted(found, key=_worst_first), cases


def _worst_first(row: dict[str, Any]) -> tuple[Any, ...]:
    """Budgets that are used up or nearly so, the most first; then what is wrong; then the rest."""
    near = row["share"] if row["share"] >= words.NEAR else 0
    return -near, row["rank"], -row["late"], row["name"]


def _left(request: HttpRequest, now: datetime) -> dict[int, dict[str, Any]]:
    """What is left of what each customer pays this month, to those who may see money."""
    if not request.user.may("money.view"):  # type: ignore[union-attr]
        return {}
    this = f"{timezone.localtime(now):%Y-%m}"
    kept = MonthFigure.objects.filter(month=this).select_related("account__entity")
    return {one.account.customer_id or 0: _said(one) for one in kept}


def _said(figure: MonthFigure) -> dict[str, Any]:
    percent = margins.of_account(figure).true_percent
    floor = figure.account.entity.margin_floor
    return {
        "text": margin_words.per_cent(percent),
        "url": f"/margin/{figure.account.slug}/",
        "is_low": percent is not None and percent < floor,
    }


def _promises(now: datetime) -> dict[int, Promises]:
    """Of each customer the promises whose windows run, those with nothing to measure yet left out."""
    running = kept.running(now)
    measured = list(running.exclude(total=0).values_list("customer_id", "pk", "used", "allowed"))
    worst: dict[int, int] = {}
    for customer_id, pk, _, _ in measured:
        worst.setdefault(customer_id, pk)
    windows = running.in_bulk(worst.values())
    number = Counter(row[0] for row in measured)
    missed = Counter(row[0] for row in measured if row[2] > row[3])
    return {pk: Promises(number[pk], missed[pk], windows[worst[pk]]) for pk in worst}


def _promised(promises: Promises | None) -> dict[str, Any]:
    """How many of the promises are kept, and the one with the least left of its allowed misses."""
    if promises is None:
        return {"share": 0.0, "kept": "none", "budget": None, "promise_url": ""}
    window, worst = promises.worst, kept.of_row(promises.worst)
    return {
        "share": worst.share,
        "kept": f"{promises.measured - promises.missed} of {promises.measured}",
        "budget": words.budget(worst),
        "promise": worst.promise.title,
        "promise_url": f"/service-levels/{window.customer.slug}/{window.objective.sli}/",
    }


def _cases() -> dict[int, Cases]:
    found: dict[int, Cases] = {}
    counted = list(
        desk.waiting()
        .annotate(whose=_WHOSE)
        .values_list("whose")
        .annotate(n=Count("pk"), severity=Min("severity"), held=Sum("documents"))
        .order_by("whose")
    )
    worst = _worst()
    at_risk = risk.by_customer(documents=sum(row[3] for row in counted))
    for customer_id, count, severity, _ in counted:
        money = [
            spoken.money(a, currency) for currency, a in at_risk.get(customer_id, ()) if currency
        ]
        found[customer_id] = Cases(
            count, severity, worst.get(customer_id, ""), " + ".join(money) or "none"
        )
    return found


def _worst() -> dict[int, str]:
    """The title of each customer's worst open case."""
    waiting = desk.waiting().exclude(origin=ExceptionCase.Origin.CHANNEL)
    worst_first = waiting.order_by("customer_id", "severity", "-at_risk", "opened_at")
    return dict(worst_first.distinct("customer_id").values_list("customer_id", "title"))


def _customer(
    request: HttpRequest, customer: Customer, state: Moved, cases: Cases
) -> dict[str, Any]:
    rank, shape, word = _health(state, cases)
    at_desk = cases.open and request.user.may("desk.view")  # type: ignore[union-attr]
    return {
        "rank": rank,
        "name": customer.name,
        "url": f"/orders/?customer={customer.slug}",
        "shape": shape,
        "word": word,
        "late": state.late,
        "cases": cases.open,
        "cases_url": f"/desk/?customer={customer.slug}" if at_desk else "",
        "at_risk": cases.at_risk,
    }


def _health(state: Moved, cases: Cases) -> tuple[int, str, str]:
    if cases.severity == 1:
        return 0, "bad", cases.worst
    if state.late:
        return 1, "bad", cases.worst or f"{spoken.counted(state.late, 'document')} late"
    if cases.open:
        return 2, "risk", cases.worst
    return 3, "good", "moving"


def _work(work: Effort) -> dict[str, Any]:
    per = work.per_thousand
    return {
        "touches": "none" if per is None else manner.number(per, 1),
        "by_rules": work.by_rules,
        "saved_minutes": work.saved,
        "saved": spoken.span(timedelta(minutes=work.saved)) if work.saved else "none",
    }


def _passed(weeks: list[float | None]) -> dict[str, Any]:
    """The share that passes at once, as of the last week that had any, and the line of the weeks."""
    known = [share for share in weeks if share is not None]
    if not known:
        return {"passed": "none", "trend": None}
    text = f"Passed at once: {known[-1]:g} % now, {known[0]:g} % at first"
    return {"passed": f"{known[-1]:g} %", "trend": spark(weeks, text=text)}
