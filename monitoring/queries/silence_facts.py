"""What can be asked about the time in which something was missing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db import connection
from django.db.models import Count, Min, Q, Sum

from integrations.models import ChangeRequest, DoorRefusal, Message, PollCursor
from integrations.queries import volumes
from integrations.queries.windows import outward
from monitoring.expect.causes import Former, Other, Ours
from monitoring.expect.words import counted
from monitoring.models import Expectation
from portal.tenants.current import current_schema

LATE_LANE: Final = timedelta(minutes=3)
LATE_WORK: Final = timedelta(minutes=15)
_BEFORE: Final = timedelta(days=2)
_AROUND: Final = timedelta(days=3)
_OTHERS: Final = 6
_WORK: Final = {"translate": "translating", "deliver": "delivering", "poll": "polling"}


def late_lanes(now: datetime) -> list[Ours]:
    """Work of ours that is due for minutes and not begun."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, min(due_at) FROM public.jobs_wake WHERE schema = %s AND token IS NULL"
            " AND kind = ANY(%s) AND due_at < %s GROUP BY 1 ORDER BY 2",
            [current_schema(), list(_WORK), now - LATE_LANE],
        )
        return [
            Ours("lane", f"{_WORK[kind]} is behind: work is due and not begun", due)
            for kind, due in cursor.fetchall()
        ]


def failing_polls(endpoint_id: int, now: datetime) -> list[Ours]:
    failing = PollCursor.objects.filter(endpoint=endpoint_id, attempts__gt=0)
    return [
        Ours("poll", f"the poll of {one.stream} failed {one.attempts} times in a row",
             one.last_run_at or now)
        for one in failing
    ]  # fmt: skip


def refused_at_the_door(endpoint_id: int, since: datetime) -> list[Ours]:
    refused = (
        DoorRefusal.objects.filter(endpoint=endpoint_id, hour__gte=since - timedelta(hours=1))
        .values("reason")
        .annotate(n=Sum("count"), first=Min("hour"))
        .order_by("-n")
    )
    return [
        Ours(
            "door", f"our door refused {one['n']:,} of its documents: {one['reason']}", one["first"]
        )
        for one in refused[:1]
    ]


def backlog(expectation: Expectation, now: datetime) -> Iterator[Ours]:
    """Documents of this endpoint that lie with us: not taken up, or held."""
    mine = Message.objects.filter(endpoint=expectation.endpoint_id)
    late = now - LATE_WORK
    untouched = mine.filter(state="received", customer=expectation.customer_id, created_at__lt=late)
    found = untouched.aggregate(n=Count("pk"), first=Min("created_at"))
    if found["n"]:
        yield Ours("backlog", f"{counted(found['n'], 'document')} not taken up yet", found["first"])
    going = mine.filter(direction="out", state__in=("waiting", "sending"), created_at__lt=late)
    found = going.aggregate(n=Count("pk"), first=Min("created_at"))
    if found["n"]:
        yield Ours("backlog", f"{counted(found['n'], 'document')} not sent yet", found["first"])


def changes(expectation: Expectation, since: datetime) -> list[Ours]:
    """What was published shortly before, for this customer or for all."""
    found = ChangeRequest.objects.filter(
        Q(customer=expectation.customer_id) | Q(customer=None),
        published_at__range=(since - _BEFORE, since + timedelta(minutes=30)),
    ).order_by("-published_at")
    return [
        Ours("change", f"{one}: {one.get_kind_display()} {one.key} went live".replace("  ", " "),
             one.published_at)
        for one in found[:3]
        if one.published_at
    ]  # fmt: skip


def others(expectation: Expectation, since: datetime, now: datetime) -> list[Other]:
    """Feeds of the same type, of anybody: what came from them since, and as long a time a week before."""
    if expectation.is_leg:
        return []
    rest = (
        Expectation.objects.filter(kind=expectation.kind, object_type=expectation.object_type)
        .exclude(pk=expectation.pk)
        .exclude(mode=Expectation.Mode.OFF)
        .order_by("-last_at")
        .select_related("endpoint")[:_OTHERS]
    )
    labels = {one.endpoint_id: one.endpoint.label for one in rest if one.last_at}
    if not labels:
        return []
    span = max(now - since, timedelta(hours=1))
    week = timedelta(weeks=1)
    came = _counts(list(labels), expectation, now - span, now)
    before = _counts(list(labels), expectation, now - span - week, now - week)
    return [Other(labels[pk], came.get(pk, 0), before.get(pk, 0)) for pk in labels]


def _counts(
    endpoints: list[int], expectation: Expectation, start: datetime, end: datetime
) -> dict[int, int]:
    direction = "in" if expectation.kind == Expectation.Kind.FEED else "out"
    found = volumes.by(
        ("endpoint_id",), outward(start, end), endpoint_id=endpoints, direction=direction,
        object_type=expectation.object_type,
    )  # fmt: skip
    return {key[0]: volume.received if direction == "in" else volume.sent
            for key, volume in found.items()}  # fmt: skip


def former(expectation: Expectation, today: date, years: int) -> Former | None:
    """The same date some years ago, beside the three days before and after; None if nothing is known."""
    if expectation.is_leg or (today.month, today.day) == (2, 29):
        return None
    then = today.replace(year=today.year - years)
    midnight = datetime.combine(then, time(), tzinfo=UTC)
    window = outward(midnight - _AROUND, midnight + _AROUND + timedelta(days=1))
    direction = "in" if expectation.kind == Expectation.Kind.FEED else "out"
    found = volumes.series(
        window, level=2, endpoint_id=expectation.endpoint_id, direction=direction,
        object_type=expectation.object_type,
    ).get((), {})  # fmt: skip
    if not found:
        return None
    counts = {at: one.received if direction == "in" else one.sent for at, one in found.items()}
    around = sum(count for at, count in counts.items() if at != midnight)
    return Former(then, counts.get(midnight, 0), around / 6)
