"""Cases as promises see them: round by round, read from their log.

A case that comes back begins a new round with clocks of its own, and the round before stays as it was.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple, cast

from django.db.models import Q

from monitoring import slo
from monitoring.models import CaseEvent, CaseSpan, ExceptionCase

BEGINS: Final = ("opened", "came_back")
_ESCALATED: Final = re.compile(r"S([1-4]) now, S([1-4]) before")
_RULE: Final = "Rule R-"
_ORIGINS: Final = (ExceptionCase.Origin.DOCUMENTS, ExceptionCase.Origin.ENDPOINT)


class Round(NamedTuple):
    """From when a case opened, or came back, to its end. `seen`: a person's first act, or its end."""

    id: str
    began: datetime
    seen: datetime | None
    closed: datetime | None
    severity: int
    holds: tuple[slo.Hold, ...]


def acknowledged(customer_id: int, reach: slo.Interval) -> list[slo.Evidence]:
    """Of each round how long it took until somebody looked."""
    return [_event(one, one.seen) for one in rounds(customer_id, reach) if one.severity < 4]


def resolved(customer_id: int, reach: slo.Interval) -> list[slo.Evidence]:
    """Of each round how long it took until it was over."""
    return [_event(one, one.closed) for one in rounds(customer_id, reach) if one.severity < 4]


def _event(one: Round, ended: datetime | None) -> slo.Event:
    return slo.Event(one.id, one.began, ended, grade=str(one.severity), holds=one.holds)


def rounds(customer_id: int, reach: slo.Interval) -> list[Round]:
    """The rounds that reach into a span of time, as its end knew them. S4 is good to know and promised
    nothing; of what is missing somewhere other promises tell. What was merged ended there and then."""
    cases = ExceptionCase.objects.filter(
        Q(closed_at__isnull=True) | Q(closed_at__gte=reach.begins) | Q(times_back__gt=0),
        customer_id=customer_id, opened_at__lt=reach.ends, origin__in=_ORIGINS,
    )  # fmt: skip
    known = {case.pk: case for case in cases.order_by("pk")}
    logs, spans = _logs(known, reach.ends), _spans(known)
    return [
        one
        for number, case in known.items()
        for one in _rounds(case, logs[number], spans[number])
        if one.closed is None or one.closed >= reach.begins
    ]


def _logs(known: Iterable[int], until: datetime) -> dict[int, list[CaseEvent]]:
    found: dict[int, list[CaseEvent]] = defaultdict(list)
    for event in CaseEvent.objects.filter(case__in=list(known), at__lt=until).order_by("pk"):
        found[event.case_id].append(event)
    return found


def _spans(known: Iterable[int]) -> dict[int, list[slo.Hold]]:
    found: dict[int, list[slo.Hold]] = defaultdict(list)
    others = CaseSpan.objects.filter(case__in=list(known)).exclude(party=ExceptionCase.Party.US)
    for span in others.order_by("pk"):
        found[span.case_id].append(hold(span))
    return found


def hold(span: CaseSpan) -> slo.Hold:
    """Somebody else had the ball. The words are fit for the customer; the desk's own are in the case."""
    whom = "you" if span.party == ExceptionCase.Party.CUSTOMER else "a third party"
    party = cast(slo.Party, span.party)
    return slo.Hold(
        party, f"Waited for {whom}", span.began_at, span.ended_at, f"case-{span.case_id}"
    )


def _rounds(
    case: ExceptionCase, log: Sequence[CaseEvent], holds: Sequence[slo.Hold]
) -> Iterator[Round]:
    starts = [at for at, event in enumerate(log) if event.action in BEGINS]
    for number, (first, after) in enumerate(zip(starts, [*starts[1:], len(log)], strict=True)):
        part = log[first:after]
        closed = _closed(part)
        seen = next((event.at for event in part if _is_persons(event)), closed)
        yield Round(
            f"case-{case.pk}-{number + 1}", part[0].at, seen, closed,
            _severity(case, log, after), tuple(holds),
        )  # fmt: skip


def _closed(part: Sequence[CaseEvent]) -> datetime | None:
    """What was taken back goes on as if it had not ended."""
    closed = None
    for event in part:
        if event.action == "closed":
            closed = event.at
        elif event.action == "open_again":
            closed = None
    return closed


def _is_persons(event: CaseEvent) -> bool:
    return bool(event.actor) and not event.actor.startswith(_RULE)


def _severity(case: ExceptionCase, log: Sequence[CaseEvent], after: int) -> int:
    """As the round left it: a later one may have made it worse."""
    risen = [(at, _ESCALATED.match(e.text)) for at, e in enumerate(log) if e.action == "escalated"]
    for at, found in reversed(risen):
        if found and at < after:
            return int(found.group(1))
    first = next((found for _, found in risen if found), None)
    return int(first.group(2)) if first else case.severity
