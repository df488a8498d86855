"""Cases open with the first problem of their cause, and come back when the cause does."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F

from integrations.domain.health import EndpointDown
from integrations.domain.problems import Opened
from integrations.models import Endpoint, Message
from monitoring import taxonomy
from monitoring.domain import (
    alerts,
    assignment,
    clocks,
    closing,
    counting,
    pace,
    rule_engine,
    spans,
)
from monitoring.models import CaseCause, CaseEvent, ExceptionCase
from monitoring.models.case import endpoint_fingerprint
from portal.core import clock, events, retry

COMES_BACK_WITHIN = timedelta(days=30)
_OBJECTS = {"order": "an order", "shipment": "a shipment", "inventory": "a stock report"}
_DONE = (ExceptionCase.State.RESOLVED, ExceptionCase.State.SKIPPED)


class CasesOpened(NamedTuple):
    """Cases are open from now on; `came_back`: again."""

    numbers: list[int]
    came_back: bool = False


def open_for(opened: Sequence[Opened], *, taken_back: bool = False) -> None:
    """Make sure each problem's cause has an open case, and bring the counts up to date. `taken_back`:
    the causes did not return, what closed them was undone."""
    first = {problem.fingerprint: problem for problem in reversed(opened)}
    missing = _without_case(first)
    if missing:
        back = bring_back(sorted(missing), taken_back=taken_back)
        _open([first[f] for f in first if f in missing - back])
    counting.recount(list(first))
    rule_engine.wake({f: problem.problem.code for f, problem in first.items()})


def _without_case(fingerprints: Sequence[UUID] | dict[UUID, Opened]) -> set[UUID]:
    known = CaseCause.objects.filter(fingerprint__in=list(fingerprints), is_open=True)
    return set(fingerprints) - set(known.values_list("fingerprint", flat=True))


def bring_back(fingerprints: Sequence[UUID], *, taken_back: bool = False) -> set[UUID]:
    """Open again the cases that answered for these causes not long ago. Returns the causes that have
    a case now. `taken_back` as for `open_for`."""
    causes = (
        CaseCause.objects.filter(
            fingerprint__in=fingerprints,
            is_open=False,
            case__state__in=_DONE,
            case__closed_at__gte=clock.now() - COMES_BACK_WITHIN,
        )
        .order_by("fingerprint", "-id")
        .distinct("fingerprint")
    )
    found = {cause.fingerprint: cause for cause in causes}
    if not found:
        return set()
    _reopen(sorted({cause.case_id for cause in found.values()}), taken_back=taken_back)
    CaseCause.objects.filter(pk__in=[cause.pk for cause in found.values()]).update(is_open=True)
    return set(found)


def _reopen(numbers: Sequence[int], *, taken_back: bool) -> None:
    """A cause that returns is a new round with clocks of its own; what is undone goes on with its old."""
    closed = ExceptionCase.objects.select_for_update().filter(pk__in=numbers, state__in=_DONE)
    cases = list(closed.order_by("pk"))
    word = "Open again: taken back is" if taken_back else "Came back. It was closed:"
    action = "open_again" if taken_back else "came_back"
    for case in cases:
        text = f"{word} {case.resolution}"[:500]
        CaseEvent.objects.create(case=case, action=action, text=text)
    ours = ExceptionCase.objects.filter(pk__in=[case.pk for case in cases])
    ours.update(closed_at=None, resolution="", edition=F("edition") + 1)
    if taken_back:
        ours.update(state=ExceptionCase.State.OPEN)
    else:
        ours.update(
            state=ExceptionCase.State.REGRESSED, began_at=clock.now(), acknowledged_at=None,
            times_back=F("times_back") + 1, most_documents=0, most_at_risk=0,
        )  # fmt: skip
    again = list(ours.order_by("pk"))
    spans.begin(again, reason="taken back" if taken_back else "came back")
    clocks.start(again)
    alerts.look()
    if again:
        events.publish(CasesOpened([case.pk for case in again], came_back=True))


def _open(problems: Sequence[Opened]) -> None:
    """One new case for each. Of two passes that meet the same new cause, the later one's case is not
    kept: the cause has one."""
    labels = dict(
        Endpoint.objects.filter(pk__in={p.endpoint_id for p in problems}).values_list("pk", "label")
    )
    ours = _made_by_us([p.message_id for p in problems])
    cases = ExceptionCase.objects.bulk_create(
        _case(p, labels[p.endpoint_id], ours=p.message_id in ours) for p in problems
    )
    begin(cases)


def begin(cases: Sequence[ExceptionCase]) -> list[ExceptionCase]:
    """Give new cases their cause, their clocks and the people they go to. Returns those that are kept."""
    CaseCause.objects.bulk_create(
        [CaseCause(case=case, fingerprint=case.fingerprint) for case in cases],
        ignore_conflicts=True,
    )
    won = set(CaseCause.objects.filter(case__in=cases).values_list("case_id", flat=True))
    kept = [case for case in cases if case.pk in won]
    if len(kept) < len(cases):
        ExceptionCase.objects.filter(pk__in=[c.pk for c in cases if c.pk not in won]).delete()
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, action="opened", text=f"Opened: {case.title}") for case in kept
    )
    spans.begin(kept, reason="opened")
    clocks.start(kept)
    pace.expect(kept)
    assignment.by_rule(kept)
    alerts.look()
    if kept:
        events.publish(CasesOpened([case.pk for case in kept]))
    return kept


def _made_by_us(message_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the documents that we sent: the customer never saw what stands in them."""
    sent = Message.objects.filter(pk__in=message_ids, direction="out")
    return set(sent.values_list("pk", flat=True))


def _case(opened: Opened, label: str, *, ours: bool) -> ExceptionCase:
    problem, kind = opened.problem, taxonomy.kind(opened.problem.code)
    words = {
        "value": problem.value or "(empty)",
        "path": problem.path or "the document",
        "endpoint": label,
        "object": _OBJECTS.get(opened.object_type, "a document"),
    }
    now = clock.now()
    return ExceptionCase(
        customer_id=opened.customer_id,
        endpoint_id=opened.endpoint_id,
        fingerprint=opened.fingerprint,
        code=problem.code,
        severity=_severity(kind),
        object_type=opened.object_type,
        path=problem.path[:200],
        value=problem.value[:200],
        title=(kind.title.format(**words) if kind.title else problem.text)[:300],
        customer_title=_customer_title(kind, words, ours=ours),
        opened_at=now,
        began_at=now,
    )


def _severity(kind: taxonomy.Kind) -> int:
    """At its opening. What passes by itself holds a document only after every try has failed."""
    waited = sum(retry.SCHEDULE) / 60 if kind.recovery == "retry" else 0
    return taxonomy.severity(kind, documents=1, minutes_open=waited)


def _customer_title(kind: taxonomy.Kind, words: dict[str, str], *, ours: bool) -> str:
    """The customer's words; none of theirs is about a value that our own side made."""
    text = taxonomy.WE_LOOK if ours and "{value}" in kind.customer_title else kind.customer_title
    return text.format(**words)[:300]


@transaction.atomic
def endpoint_down(event: EndpointDown) -> None:
    """One case for an endpoint that cannot be reached; its documents wait and are not cases."""
    fingerprint = endpoint_fingerprint(event.endpoint_id)
    fresh = bool(_without_case([fingerprint]))
    if fresh and not bring_back([fingerprint]):
        endpoint = Endpoint.objects.get(pk=event.endpoint_id)
        begin(ExceptionCase.objects.bulk_create([_of_endpoint(endpoint, event)]))
    case = ExceptionCase.objects.get(causes__fingerprint=fingerprint, causes__is_open=True)
    action = "failed" if fresh else "again"
    CaseEvent.objects.create(case=case, action=action, text=event.text[:500])


def _of_endpoint(endpoint: Endpoint, event: EndpointDown) -> ExceptionCase:
    kind = taxonomy.kind(event.code)
    words = {"endpoint": endpoint.label, "value": "", "path": "", "object": "documents"}
    now = clock.now()
    return ExceptionCase(
        fingerprint=endpoint_fingerprint(endpoint.pk),
        origin=ExceptionCase.Origin.ENDPOINT,
        customer_id=event.customer_id,
        endpoint=endpoint,
        code=event.code,
        severity=1,
        title=(kind.title or "{endpoint} cannot be reached").format(**words)[:300],
        customer_title=(kind.customer_title or taxonomy.WE_LOOK).format(**words)[:300],
        opened_at=now,
        began_at=now,
    )


def endpoint_up(endpoint_id: int) -> None:
    """The endpoint answers: its case closes itself."""
    causes = CaseCause.objects.filter(fingerprint=endpoint_fingerprint(endpoint_id), is_open=True)
    numbers = list(causes.values_list("case_id", flat=True))
    closing.close(numbers, cause="It answers again; what waited goes out in order")
