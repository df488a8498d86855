"""What helped before against the same kind of exception."""

from typing import Any

from django.db.models import Count

from monitoring.models import CaseEvent, ExceptionCase

_LABELS = {
    "lookup": "Added a lookup",
    "edit": "Edited and replayed",
    "reroute": "Sent to another warehouse",
    "retry": "Replayed as it was",
    "skip": "Skipped",
    "try": "Tried again",
}


def remedies(case: ExceptionCase) -> list[dict[str, Any]]:
    """How often each remedy was used in the customer's other cases of this kind, most used first."""
    counts = (
        CaseEvent.objects.filter(
            case__customer_id=case.customer_id, case__code=case.code, action__in=_LABELS
        )
        .exclude(case=case)
        .values_list("action")
        .annotate(n=Count("pk"))
        .order_by("-n")
    )
    return [
        {"text": _LABELS[action], "seen": "once" if n == 1 else f"{n} times"}
        for action, n in counts
    ]


def elsewhere(case: ExceptionCase) -> list[ExceptionCase]:
    """Open cases of the same kind and value at other customers and endpoints."""
    return list(
        ExceptionCase.objects.filter(
            code=case.code, value=case.value, state__in=ExceptionCase.OPEN_STATES
        )
        .exclude(pk=case.pk)
        .select_related("customer", "endpoint")
        .order_by("severity", "opened_at")[:5]
    )
