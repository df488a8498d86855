"""Reconciliations and runs as lists show them, in a few queries however many there are."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from monitoring.models import Break, Reconciliation, ReconRow, ReconRun

SIZE = 100
MADE_AGAIN = ReconRun.Trigger.REPEAT


class Listed(NamedTuple):
    """A reconciliation with its last run, the last that came to its end, and what stands open of it."""

    one: Reconciliation
    last: ReconRun | None
    done: ReconRun | None
    open: int
    worth: Decimal


def listed(found: QuerySet[Reconciliation]) -> list[Listed]:
    """Three queries: the reconciliations, their last runs, their open breaks."""
    newest = ReconRun.objects.filter(reconciliation=OuterRef("pk")).exclude(trigger=MADE_AGAIN)
    newest = newest.order_by("-pk")
    done = newest.filter(state=ReconRun.State.DONE)
    annotated = found.select_related("customer").annotate(
        last_run=Subquery(newest.values("pk")[:1]), last_done=Subquery(done.values("pk")[:1])
    )
    rows: list[Any] = list(annotated[: SIZE + 1])
    wanted = {pk for row in rows for pk in (row.last_run, row.last_done) if pk}
    runs = ReconRun.objects.in_bulk(wanted)
    open_ = {
        row["reconciliation"]: (row["n"], row["worth"])
        for row in Break.objects.filter(
            reconciliation__in=[row.pk for row in rows], status__in=Break.TOLD
        )
        .values("reconciliation")
        .annotate(n=Count("pk"), worth=Sum("value"))
    }
    return [
        Listed(
            row,
            runs.get(row.last_run),
            runs.get(row.last_done),
            *open_.get(row.pk, (0, Decimal(0))),
        )
        for row in rows
    ]


def runs_of(one: Reconciliation, *, before: int | None = None) -> list[ReconRun]:
    """The runs, newest first: one more than a page."""
    found = one.runs.order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found[: SIZE + 1])


def rows_of(
    run: ReconRun, *, state: str = "", site: str = "", text: str = "", after: int | None = None
) -> list[ReconRow]:
    """What the run found, the worst first: one more than a page, with their breaks."""
    found = ReconRow.objects.filter(run=run).select_related("difference")
    if state:
        found = found.filter(state=state)
    if site:
        found = found.filter(location=site)
    if text:
        found = found.filter(Q(sku__istartswith=text) | Q(subject__istartswith=text))
    if after is not None:
        found = found.filter(position__gt=after)
    return list(found.order_by("position")[: SIZE + 1])


def standing(one: Reconciliation, *, after: tuple[Decimal, int] | None = None) -> list[Break]:
    """The breaks people were told of, the dearest first: one more than a page."""
    found = Break.objects.filter(reconciliation=one, status__in=Break.TOLD)
    found = found.select_related("endpoint")
    if after is not None:
        value, pk = after
        found = found.filter(Q(value__lt=value) | Q(value=value, pk__gt=pk))
    return list(found.order_by("-value", "pk")[: SIZE + 1])


def seen_once(one: Reconciliation) -> int:
    """How many differences wait for a run that agrees before anybody is told."""
    return one.breaks.filter(status=Break.Status.SEEN).count()


class Point(NamedTuple):
    """One full run as a point of the charts. Rates 0 to 1, None where there was nothing to compare.

    `drift`: units a day by site, None where it could not be measured yet; empty for what is no stock.
    `oversell`: items that channels promise more of than is free; `oversell_units`: how much more, exact.
    """

    at: datetime
    by_sku: float | None
    by_value: float | None
    drift: dict[str, float | None]
    oversell: int
    oversell_units: str


def series(one: Reconciliation, *, most: int = 60) -> list[Point]:
    """The last full runs, oldest first: match rate, drift a day by site, what may be oversold."""
    runs = (
        one.runs.filter(state=ReconRun.State.DONE, light=False)
        .exclude(trigger=MADE_AGAIN)
        .order_by("-pk")
        .values_list("at", "figures")[:most]
    )
    return sorted((_point(at, figures) for at, figures in runs if at), key=lambda one: one.at)


def _point(at: datetime, figures: dict[str, Any]) -> Point:
    sites = figures.get("sites", {})
    return Point(
        at,
        _number(figures.get("by_sku")),
        _number(figures.get("by_value")),
        {site: _number(found.get("drift")) for site, found in sites.items()},
        figures.get("oversell", 0),
        figures.get("oversell_units", "0"),
    )


def _number(said: str | None) -> float | None:
    return None if said is None else float(said)


def states_of(rows: Iterable[str]) -> Sequence[str]:
    """States in the order in which tabs show them: what matters first."""
    order = (
        "variance",
        "missing_right",
        "missing_left",
        "not_comparable",
        "in_flight",
        "in_tolerance",
    )
    known = list(rows)
    return [*(s for s in order if s in known), *sorted(s for s in known if s not in order)]
