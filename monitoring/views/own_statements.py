"""A customer's own statements: the months, one month, and its seal.

Runs under the customer's database role, which reads only what is theirs.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop

from integrations.views import spoken
from monitoring.domain import statement_check
from monitoring.queries import statements as found_statements
from monitoring.statements import words
from monitoring.views import addresses, statement_checks, statement_shown
from monitoring.views.statement_download import own_or_404
from monitoring.views.statements import result
from portal.accounts.rules import requires

SIZE = 36


@requires("own.statements")
def own_statements(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    found = found_statements.own(person.customer_id)
    before = request.GET.get("before", "")[:7]
    rows = list((found.filter(period__lt=before) if before else found)[: SIZE + 1])
    older = addresses.with_values(request, before=rows[SIZE - 1].period) if rows[SIZE:] else ""
    context = {
        "statements": [_row(one) for one in rows[:SIZE]],
        "empty": None if rows else {"text": gettext(_NOTHING), "action": None},
        "pager": {
            "shown": spoken.counted(min(len(rows), SIZE), "month"),
            "newer_url": addresses.with_values(request) if before else "",
            "older_url": older,
        },
    }
    return render(request, "customer/statements.html", context)


_NOTHING = gettext_noop(
    "No month is closed yet. You find each month here once it is sealed and approved."
)


def _row(one: Any) -> dict[str, Any]:
    return {
        "url": f"/service/statements/{one.period}/",
        "name": one.name,
        "result": result(one.summary),
        "all_kept": bool(one.summary.get("of")) and one.summary["kept"] == one.summary["of"],
        "pdf_url": f"/service/statements/{one.period}/statement.pdf",
        "csv_url": f"/service/statements/{one.period}/statement.csv",
    }


@requires("own.statements")
def own_statement(request: HttpRequest, period: str) -> HttpResponse:
    one = own_or_404(request, period)
    said = one.said
    signed = [adjustment for adjustment, _ in statement_check.adjustments_of(one)]
    context = {
        "statement": one,
        "address": f"/service/statements/{one.period}/",
        "headline": words.headline(said),
        "lead": words.together(words.lead(said)),
        "told": statement_shown.body(said, signed),
        "earlier": _beside(one, newer=False),
        "later": _beside(one, newer=True),
    }
    return render(request, "customer/statement.html", context)


def _beside(one: Any, *, newer: bool) -> dict[str, str] | None:
    """The month before or after that the customer may see."""
    found = found_statements.own(one.customer_id)
    beside = (
        found.filter(period__gt=one.period).order_by("period")
        if newer
        else found.filter(period__lt=one.period)
    ).first()
    if beside is None:
        return None
    return {"url": f"/service/statements/{beside.period}/", "name": beside.name}


@requires("own.statements")
def own_check(request: HttpRequest, period: str) -> HttpResponse:
    """Check the seal now, and say what was checked."""
    one = own_or_404(request, period)
    checks = statement_check.verify(one)
    context = {
        "statement": one,
        "address": f"/service/statements/{one.period}/",
        "headline": statement_checks.headline(one, checks),
        "is_intact": all(check.passed for check in checks),
        "checks": statement_checks.shown(checks),
        "file": f"{one.customer.slug}-{one.period}.json",
    }
    return render(request, "customer/statement_check.html", context)
