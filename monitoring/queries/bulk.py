"""A list of cases as its page shows it: sums, a page of its cases, and how far each has come."""

from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from monitoring.domain.foreseeing import ACCEPTED
from monitoring.models import BulkAction, BulkItem, Fix, FixItem

SIZE = 100


class Sums(NamedTuple):
    """What is on the list. `at_risk`: one sum for each currency, the largest first."""

    cases: int
    documents: int
    at_risk: list[tuple[str, Decimal]]


class Page(NamedTuple):
    """Cases in the order of the list; `older` and `newer` are the items where the next pages begin."""

    rows: list[BulkItem]
    older: int | None
    newer: int | None


class Progress(NamedTuple):
    """How far the documents of one case are."""

    remedy: str
    state: str
    documents: int
    passes: int
    noted: int  # of those, how many are not held: their remark is accepted
    passed: int
    held: int
    back: int
    stays: int
    trouble: str
    why: str  # the first document that does not pass


def sums(bulk: BulkAction) -> Sums:
    """Documents as they were counted when the list was made; what is at risk as it is now."""
    counts = bulk.items.aggregate(cases=Count("pk"), documents=Sum("documents", default=0))
    amounts = (
        bulk.items.filter(case__at_risk__gt=0)
        .values_list("case__currency")
        .annotate(amount=Sum("case__at_risk"))
        .order_by("-amount")
    )
    return Sums(**counts, at_risk=list(amounts))


def page(bulk: BulkAction, *, before: int | None = None, after: int | None = None) -> Page:
    """The page after one item or before another; else the first."""
    items = bulk.items.select_related("case__customer", "case__endpoint", "fix")
    if before is not None:
        found = list(items.filter(pk__lt=before).order_by("-pk")[: SIZE + 1])
        rows = found[:SIZE][::-1]
        return Page(rows, rows[-1].pk if rows else None, rows[0].pk if len(found) > SIZE else None)
    found = list(items.filter(pk__gt=after or 0).order_by("pk")[: SIZE + 1])
    rows = found[:SIZE]
    newer = rows[0].pk if rows and after is not None else None
    return Page(rows, rows[-1].pk if len(found) > SIZE else None, newer)


def progress(bulk: BulkAction) -> dict[int, Progress]:
    """Fix → how far it is, for every fix of the list, in one query."""
    fixes = _counted(Fix.objects.filter(pk__in=bulk.items.exclude(fix=None).values("fix")))
    return {row[0]: Progress(*row[1:]) for row in fixes}


def _counted(fixes: QuerySet[Fix]) -> QuerySet[Fix, tuple]:
    wrong = FixItem.objects.filter(fix=OuterRef("pk"), verdict__in=("fail", "impossible"))
    return fixes.annotate(
        passes=Count("items", filter=Q(items__verdict="pass")),
        noted=Count("items", filter=Q(items__verdict="pass", items__reason=ACCEPTED)),
        passed=Count("items", filter=Q(items__outcome="passed")),
        held_again=Count("items", filter=Q(items__outcome="held")),
        back=Count("items", filter=Q(items__outcome__in=("taken_back", "compensated"))),
        stays=Count("items", filter=Q(items__outcome="stays")),
        why=Coalesce(Subquery(wrong.order_by("position").values("reason")[:1]), Value("")),
    ).values_list(
        "pk",
        "remedy",
        "state",
        "documents",
        "passes",
        "noted",
        "passed",
        "held_again",
        "back",
        "stays",
        "trouble",
        "why",
    )


def outcomes(bulk: BulkAction) -> Counter[tuple[str, int | None]]:
    """How many items have each outcome; those whose outcome their fix tells, with the fix."""
    told = Counter[tuple[str, int | None]]()
    for outcome, fix in bulk.items.values_list("outcome", "fix"):
        told[outcome, fix if outcome in FOLLOWS else None] += 1
    return told


FOLLOWS = ("", BulkItem.Outcome.GONE, BulkItem.Outcome.UNDONE)
