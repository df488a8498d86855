"""What explains that something is missing: what comes before it in the way of documents is missing, too.

Without orders there is nothing to ship, and nothing goes on where nothing comes. What waits by name is never
explained. All that is found in a pass is asked about at once, however much it is.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from monitoring.domain.expecting_days import of_expectations
from monitoring.domain.expecting_known import key_of
from monitoring.domain.expecting_outlook import outlook_of
from monitoring.expect import drop
from monitoring.expect.hours import begin_of
from monitoring.models import Expectation, Silence
from monitoring.queries import arrivals
from monitoring.queries.arrivals import Key

LATELY: Final = timedelta(hours=24)
_UPSTREAM: Final = {"shipment": ("order",), "invoice": ("order", "shipment")}
_SEVERAL: Final = 3  # documents that have to wait, before there is nothing that could follow
_NO_FLOW: Final = -1


def place(expectation: Expectation) -> tuple[bool, int]:
    """In order of the way of documents: what comes before it has a lower one."""
    is_flow = expectation.kind == Expectation.Kind.FLOW
    return is_flow, len(_UPSTREAM.get(expectation.object_type, ()))


class Explanations:
    """What is known of now and of the last day around some expectations and when each fell quiet."""

    def __init__(self, quiet: Iterable[tuple[Expectation, datetime]], now: datetime) -> None:
        self._now = now
        rows = [(one, since) for one, since in quiet if not one.is_leg]
        self._silences = _lately({one.customer_id for one, _ in rows}, now) if rows else []
        went = [(_source(one), since) for one, since in rows if one.flow_id]
        self._came = arrivals.last(went) if went else {}

    def add(self, silence: Silence) -> None:
        """One that begins now."""
        self._silences.insert(0, silence)

    def of(self, expectation: Expectation) -> str:
        """Why nothing may come, in a sentence; empty where nothing explains it."""
        if expectation.is_leg:
            return ""
        for silence in self._silences:
            if explains(silence, expectation):
                return f"Explained: {silence.title}"
        if expectation.flow_id and _source(expectation) not in self._came:
            return "Nothing came that could go on"
        return _scarce(expectation, self._now)

    def followed_by(self, silence: Silence) -> Silence | None:
        """An open silence that this one explains, though it was told of first."""
        goes_on = (one for one in self._silences if one.ended_at is None)
        return next((one for one in goes_on if explains(silence, one.expectation)), None)


def _lately(customers: Collection[int], now: datetime) -> list[Silence]:
    lately = Q(ended_at=None) | Q(ended_at__gte=now - LATELY)
    found = Silence.objects.filter(lately, expectation__customer__in=customers)
    return list(found.select_related("expectation__flow"))


def explains(silence: Silence, expectation: Expectation) -> bool:
    """Whether this silence is what the expectation waits for."""
    other = silence.expectation
    if other.pk == expectation.pk or other.customer_id != expectation.customer_id:
        return False
    if expectation.is_leg:
        return False
    upstream = _UPSTREAM.get(expectation.object_type, ())
    unshipped = other.kind == Expectation.Kind.SHIP and silence.documents >= _SEVERAL
    if other.kind == Expectation.Kind.FEED and other.object_type in upstream:
        return True
    if unshipped and "shipment" in upstream:
        return True
    source = expectation.flow.source_id if expectation.flow else _NO_FLOW
    alike = unshipped or other.object_type == expectation.object_type
    return alike and other.endpoint_id == source


def _source(expectation: Expectation) -> Key:
    """The way on which a flow gets what goes on."""
    source = expectation.flow.source_id if expectation.flow else 0
    return Key(expectation.customer_id, source, 0, expectation.object_type, "in")


def _scarce(expectation: Expectation, now: datetime) -> str:
    """Whether so few came of what it follows from that their silence may only not be sure yet."""
    before = _before(expectation)
    if not before:
        return ""
    days = of_expectations(before)[expectation.customer_id]
    since = begin_of(days.zone, now - drop.SPANS[-1])
    counts = arrivals.hourly(map(key_of, before), since=since, zone=days.zone)
    for one in before:
        if drop.is_scarce(
            outlook_of(one, days), counts.get(key_of(one), {}), earliest=since, now=now
        ):
            return f"Few came that could go on, of {one.endpoint.label}"
    return ""


def _before(expectation: Expectation) -> Sequence[Expectation]:
    """The feeds it follows from, as far as anything is learned of them."""
    why = Q(object_type__in=_UPSTREAM.get(expectation.object_type, ()))
    if expectation.flow:
        why |= Q(endpoint=expectation.flow.source_id, object_type=expectation.object_type)
    feeds = Expectation.objects.filter(
        why, kind=Expectation.Kind.FEED, customer=expectation.customer_id, profile__isnull=False
    )
    feeds = feeds.exclude(mode=Expectation.Mode.OFF).exclude(pk=expectation.pk)
    return list(feeds.select_related("customer", "endpoint"))
