"""Lists of invoices: which there are, in which state, and what they come to."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from billing.models import Invoice, InvoiceEvent

State = Invoice.State
SIZE: Final = 100
_ZERO: Final = Value(Decimal(0), output_field=DecimalField())
_BACK: Final = Q(kind=Invoice.Kind.CREDIT_NOTE)


class Total(NamedTuple):
    """Of a currency: how many documents, what they bill net, and what is still to pay."""

    currency: str
    documents: int
    net: Decimal
    open: Decimal


def listed() -> QuerySet[Invoice]:
    """Without their bytes; `left` is what is still to pay: nothing of drafts, of what is paid or void."""
    notes = (
        Invoice.objects.filter(corrects=OuterRef("pk"))
        .order_by()
        .values("corrects")
        .annotate(sum=Sum("total"))
        .values("sum")
    )
    unpaid = (State.FINAL, State.SENT, State.DISPUTED)
    given = Coalesce(Subquery(notes), _ZERO)
    is_asked = Q(state__in=unpaid, kind=Invoice.Kind.INVOICE)
    left = Case(When(is_asked, then=Greatest(F("due") - given, _ZERO)), default=_ZERO)
    return Invoice.objects.defer("content").select_related("account").annotate(left=left)


def views(today: date) -> Mapping[str, Q]:
    """The tabs of the list by their names."""
    asked = Q(kind=Invoice.Kind.INVOICE, state=State.SENT)
    return {
        "": Q(),
        "draft": Q(state=State.DRAFT),
        "review": Q(state=State.REVIEW),
        "final": Q(state=State.FINAL),
        "sent": Q(state=State.SENT),
        "overdue": asked & Q(due_on__lt=today, left__gt=0),
        "paid": Q(state=State.PAID),
        "disputed": Q(state=State.DISPUTED),
        "void": Q(state=State.VOID),
    }


def counts(found: QuerySet[Invoice], today: date) -> dict[str, int]:
    """How many stand under each tab."""
    named = {f"n{at}": Count("pk", filter=q) for at, q in enumerate(views(today).values()) if q}
    numbers = found.order_by().aggregate(all=Count("pk"), **named)
    return {
        name: numbers["all" if not q else f"n{at}"]
        for at, (name, q) in enumerate(views(today).items())
    }


def totals(found: QuerySet[Invoice]) -> list[Total]:
    """By currency. Void documents are nothing, and what is given back is taken off."""
    signed = Case(When(_BACK, then=-F("net")), default=F("net"))
    sums = (
        found.exclude(state=State.VOID)
        .order_by("currency")
        .values("currency")
        .annotate(n=Count("pk"), sum=Sum(signed), open=Sum("left"))
    )
    return [Total(one["currency"], one["n"], one["sum"], one["open"]) for one in sums]


def open_of(accounts: Iterable[int]) -> dict[int, Decimal]:
    """By account what is still to pay, of those that have anything."""
    rows: Any = listed().filter(account__in=list(accounts))
    found = rows.filter(left__gt=0).order_by()
    return dict(found.values_list("account").annotate(sum=Sum("left")))


def months() -> list[str]:
    """Those that have invoices, the newest first."""
    found = Invoice.objects.order_by("-month").values_list("month", flat=True).distinct()
    return list(found[:60])


def booked(month: str) -> QuerySet[Invoice]:
    """Everything final of a month, what was made void included, with when it was (`void_at`)."""
    void = InvoiceEvent.objects.filter(invoice=OuterRef("pk"), verb="void").order_by("-pk")
    found = Invoice.objects.filter(month=month, number__isnull=False)
    return found.annotate(void_at=Subquery(void.values("at")[:1])).order_by("pk")
