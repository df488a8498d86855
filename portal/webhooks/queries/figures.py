"""How receivers do, in figures."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, NamedTuple

from django.db.models import Count, Q, Sum

from portal.core import clock
from portal.webhooks.models import WebhookDelivery, WebhookHour, WebhookReplay

DAY: Final = timedelta(hours=24)
State = WebhookDelivery.State


class Share(NamedTuple):
    """Tries of the last 24 hours: how many went well, of how many."""

    good: int = 0
    of: int = 0

    @property
    def percent(self) -> float | None:
        """None where nothing was tried."""
        return 100 * self.good / self.of if self.of else None


def shares(webhook_ids: Iterable[int]) -> dict[int, Share]:
    """By receiver; the hours that have begun since this time yesterday."""
    hours = WebhookHour.objects.filter(webhook__in=list(webhook_ids), hour__gt=clock.now() - DAY)
    sums = hours.values("webhook").annotate(g=Sum("good"), b=Sum("bad"))
    return {row["webhook"]: Share(row["g"], row["g"] + row["b"]) for row in sums}


class Progress(NamedTuple):
    """How far a replay is: of how many events the first try was made, and of those how many failed."""

    total: int
    done: int
    failed: int


def progress(replay: WebhookReplay) -> Progress:
    """What is deleted meanwhile counts as done."""
    rows = WebhookDelivery.objects.filter(replay=replay)
    waits = Q(state=State.WAITING, tries=0)
    bad = Q(state=State.FAILED) | Q(state=State.WAITING, tries__gt=0)
    counts = rows.aggregate(waiting=Count("pk", filter=waits), failed=Count("pk", filter=bad))
    return Progress(replay.total, replay.total - counts["waiting"], counts["failed"])


def waiting(webhook_id: int) -> int:
    return WebhookDelivery.objects.filter(webhook=webhook_id, state=State.WAITING).count()
