"""A customer's own cases, as questions in their words.

Runs under the customer's database role: cases are all it may read, and of them only their own.
"""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max, Min, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from monitoring.models import ExceptionCase
from monitoring.views import addresses, words
from portal.accounts.rules import requires
from portal.core import clock

SIZE = 100
SOLVED_FOR = timedelta(days=30)


@requires("own.questions")
def questions(request: HttpRequest) -> HttpResponse:
    solved = request.GET.get("view") == "solved"
    person: Any = request.user
    own = ExceptionCase.objects.filter(customer_id=person.customer_id)
    open_now, done = _open(own), _solved(own)
    counts = {"open": _by_cause(open_now).count(), "solved": _by_cause(done).count()}
    found = _by_cause(done if solved else open_now)
    before = addresses.number(request.GET, "before")
    rows = list((found.filter(last__lt=before) if before else found)[: SIZE + 1])
    context = {
        "headline": _headline(counts["open"]),
        "lead": _lead(counts["open"]),
        "tabs": _tabs(request, counts, solved=solved),
        "questions": [_question(row, solved=solved) for row in rows[:SIZE]],
        "empty": None if rows else {"text": _nothing(solved=solved), "action": None},
        "pager": _pager(request, rows, before=before),
    }
    return render(request, "customer/questions.html", context)


def _by_cause(cases: QuerySet[ExceptionCase]) -> Any:
    """One row for each sentence: to a customer, cases that say the same are one question."""
    return (
        cases.values("customer_title")
        .annotate(
            last=Max("number"),
            documents=Sum("documents"),
            types=ArrayAgg("object_type", distinct=True),
            since=Min("opened_at"),
            solved_at=Max("closed_at"),
        )
        .order_by("-last")
    )


def _open(own: QuerySet[ExceptionCase]) -> QuerySet[ExceptionCase]:
    return own.filter(state__in=ExceptionCase.OPEN_STATES)


def _solved(own: QuerySet[ExceptionCase]) -> QuerySet[ExceptionCase]:
    return own.exclude(state__in=ExceptionCase.OPEN_STATES).filter(
        closed_at__gte=clock.now() - SOLVED_FOR
    )


def _headline(count: int) -> str:
    if not count:
        return "Nothing is in question"
    return (
        "We are looking into one thing" if count == 1 else f"We are looking into {count:,} things"
    )


def _lead(count: int) -> str:
    if not count:
        return "All your orders and stock figures pass as they come."
    return "You need not do anything: what waits goes on by itself once it is solved."


def _tabs(request: HttpRequest, counts: dict[str, int], *, solved: bool) -> list[dict[str, Any]]:
    return [
        {"label": "Open", "url": request.path, "count": counts["open"], "current": not solved},
        {
            "label": "Solved",
            "url": f"{request.path}?view=solved",
            "count": counts["solved"],
            "current": solved,
        },
    ]


def _question(row: dict[str, Any], *, solved: bool) -> dict[str, Any]:
    count, types = row["documents"], row["types"]
    affected = words.objects(count, types[0] if len(types) == 1 else "")
    return {
        "text": row["customer_title"],
        "url": "",
        "order": None,
        "orders": count,
        "waits": f"{affected} affected" if count and not solved else "",
        "since": f"since {spoken.moment(row['since'])}",
        "shape": "good" if solved else "work",
        "word": f"solved {spoken.moment(row['solved_at'])}" if solved else "we are on it",
    }


def _nothing(*, solved: bool) -> str:
    return "Nothing was in question in the last 30 days." if solved else "Nothing waits."


def _pager(
    request: HttpRequest, rows: list[dict[str, Any]], *, before: int | None
) -> dict[str, str]:
    older = rows[SIZE - 1]["last"] if len(rows) > SIZE else None
    return {
        "shown": spoken.counted(min(len(rows), SIZE), "question"),
        "newer_url": addresses.with_values(request) if before else "",
        "older_url": addresses.with_values(request, before=str(older)) if older else "",
    }
