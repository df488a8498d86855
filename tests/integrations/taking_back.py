"""Doing something to held documents, and taking it back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from integrations.domain import receive, replay
from integrations.domain.take_back import take_back
from integrations.models import Flow, LookupRow, Message
from integrations.queries import ledger
from tests import pipeline
from tests.monitoring.conftest import hold

NOTHING_LEFT = "nothing is left to take back"


def standing() -> None:
    """The flows of a test have stood for a day, so what passes them is owed to them."""
    Flow.objects.all().update(changed_at=timezone.now() - timedelta(days=1))


def books() -> list[tuple[str, str]]:
    """What the ledger finds lost or doubled."""
    return [(finding.id, finding.why) for finding in ledger.balance().findings]


def held(**filters: Any) -> list[UUID]:
    found = Message.objects.filter(state="held", **filters)
    return list(found.order_by("id").values_list("pk", flat=True))


def undo(ids: Sequence[UUID], since: datetime, *, actor: str = "Ben Ode") -> list[tuple[str, str]]:
    found = take_back(ids, since=since, actor=actor, cause="the wrong item")
    return [(one.outcome, one.text) for one in found]


def replayed(ids: Sequence[UUID], *, actor: str = "Ana Ruiz") -> datetime:
    """Replay; returns a moment before."""
    since = timezone.now()
    replay.replay(ids, actor=actor, cause="lookup added")
    return since


def know(place: Any, code: str = "TENT-OLD") -> None:
    LookupRow.objects.create(table=place.table, code=code, value="TENT-2P")


def passed(place: Any, *numbers: str) -> tuple[list[UUID], datetime]:
    """Orders that were held, replayed, and are in the hub; nothing was sent yet."""
    standing()
    hold(place, *numbers)
    ids = held()
    know(place)
    since = replayed(ids)
    receive.receive(place.customer_id)
    assert set(pipeline.states(direction="in")) == {"applied"}
    return ids, since
