"""Which site an order goes to, decided again as it was before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from integrations.models import Record, RouteDecision


def of(order_id: UUID) -> QuerySet[RouteDecision]:
    """The decisions about an order, the newest first: that one holds."""
    return RouteDecision.objects.filter(record_id=order_id).order_by("-pk")


def decided_since(order_id: UUID, moment: datetime) -> bool:
    """Whether its newest decision fell from `moment` on."""
    newest = of(order_id).first()
    return newest is not None and newest.at >= moment


def decide_as(before: RouteDecision | None, order: Record, *, actor: str) -> str:
    """Let the decision `before` hold once more, with its reasons; None: there was none. Returns the site,
    empty where there was none."""
    text = f"Taken back by {actor}"
    blank: dict[str, Any] = {
        "chosen": None,
        "problem": None,
        "text": text,
        "rules": [],
        "rank": [],
        "sites": [],
    }
    again = RouteDecision.objects.create(
        record=order,
        record_version=order.version,
        chosen=before.chosen if before else "",
        rules_version=before.rules_version if before else None,
        explanation=before.explanation if before else blank,
        actor=before.actor if before else "",
    )
    return again.chosen
