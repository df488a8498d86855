"""How a case moves between people: seen, waiting for somebody, put off, taken up again."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from monitoring.domain import clocks, closing, leases, spans
from monitoring.models import CaseEvent, ExceptionCase
from portal.core import clock, moment_field

State, Party = ExceptionCase.State, ExceptionCase.Party
AT_REST = (State.WAITING, State.SNOOZED)
_MOVED = (
    "state", "acknowledged_at", "waiting_on", "waiting_reason", "snoozed_until", "edition",
)  # fmt: skip
_AT_ONCE = timedelta(seconds=10)
_LONGEST_TAG = 30
TAG_TOO_LONG = f"A tag has at most {_LONGEST_TAG} characters."
_WHOM = {Party.CUSTOMER: "the customer", Party.THIRD_PARTY: "a third party"}


class NotNowError(Exception):
    """The case is in no state for this; the text says what it is."""


def locked(number: int) -> ExceptionCase:
    """The open case, for changing it. NotNowError once it is closed."""
    case = ExceptionCase.objects.select_for_update().get(pk=number)
    if not case.is_open:
        raise NotNowError(f"{case.label} is closed: {case.resolution or case.get_state_display()}")
    return case


@transaction.atomic
def acknowledge(number: int, *, actor: str) -> bool:
    """Somebody has seen it: the first clock stops. False when somebody had before."""
    case = locked(number)
    if case.acknowledged_at:
        return False
    acknowledge_all([case], actor=actor)
    return True


def acknowledge_all(cases: Sequence[ExceptionCase], *, actor: str) -> list[CaseEvent]:
    """The same for locked cases that nobody has seen."""
    _seen(cases)
    _keep(cases)
    return _tell(cases, "acknowledged", "Acknowledged", actor)


def _seen(cases: Sequence[ExceptionCase]) -> None:
    now = clock.now()
    for case in cases:
        if case.state in ExceptionCase.UNSEEN:
            case.state = State.OPEN
        case.acknowledged_at = case.acknowledged_at or now


@transaction.atomic
def wait(number: int, *, on: str, reason: str, actor: str) -> CaseEvent:
    """The customer or a third party has to act first: our clock stands still, with this reason."""
    return wait_all([locked(number)], on=on, reason=reason, actor=actor)[0]


def wait_all(
    cases: Sequence[ExceptionCase], *, on: str, reason: str, actor: str
) -> list[CaseEvent]:
    """The same for locked cases."""
    if on not in _WHOM:
        raise ValueError("A case waits on the customer or on a third party.")
    _seen(cases)
    for case in cases:
        case.state, case.waiting_on, case.waiting_reason = State.WAITING, on, reason[:200]
        case.snoozed_until = None
    spans.hand(cases, on, reason=reason)
    _keep(cases)
    return _tell(cases, "wait", f"Waits on {_WHOM[Party(on)]}: {reason}", actor)


@transaction.atomic
def snooze(number: int, *, until: datetime, reason: str, actor: str) -> CaseEvent:
    """Out of the way until a time. Our clock goes on: putting it off is our own decision."""
    return snooze_all([locked(number)], until=until, reason=reason, actor=actor)[0]


def snooze_all(
    cases: Sequence[ExceptionCase], *, until: datetime, reason: str, actor: str
) -> list[CaseEvent]:
    """The same for locked cases. NotNowError for a time that is over, or further than a year ahead."""
    wrong = moment_field.objection(until)
    if wrong:
        raise NotNowError(wrong)
    _seen(cases)
    for case in cases:
        case.state, case.snoozed_until = State.SNOOZED, until
        case.waiting_on = case.waiting_reason = ""
    spans.hand(cases, Party.US, reason=f"snoozed: {reason}" if reason else "snoozed")
    _keep(cases)
    why = f": {reason}" if reason else ""
    return _tell(cases, "snooze", f"Snoozed until {until:%d %b %H:%M} UTC{why}", actor)


@transaction.atomic
def take_up(number: int, *, actor: str, cause: str = "Taken up again") -> CaseEvent:
    """The waiting is over: the ball is ours, and the clock goes on."""
    case = locked(number)
    if case.state not in AT_REST:
        raise NotNowError(f"{case.label} neither waits nor is it snoozed.")
    return take_up_all([case], actor=actor, cause=cause)[0]


def take_up_all(
    cases: Sequence[ExceptionCase], *, actor: str, cause: str = "Taken up again"
) -> list[CaseEvent]:
    """The same for locked cases that are `AT_REST`."""
    for case in cases:
        case.state, case.snoozed_until = State.OPEN, None
        case.waiting_on = case.waiting_reason = ""
    spans.hand(cases, Party.US, reason="taken up again")
    _keep(cases)
    return _tell(cases, "take_up", cause, actor)


@transaction.atomic
def settle(number: int, *, reason: str, actor: str) -> CaseEvent:
    """End a case about something that is missing: a person knows why. Returns what the log says."""
    closing.close([locked(number).pk], cause=reason, actor=actor, state=State.SKIPPED)
    return CaseEvent.objects.filter(case=number, action="closed").latest("pk")


def wake_snoozed() -> int:
    """Take up what was put off until now. Returns how many."""
    due = ExceptionCase.objects.filter(state=State.SNOOZED, snoozed_until__lte=clock.now())
    numbers = list(due.values_list("pk", flat=True)[:200])
    count = 0
    for number in numbers:
        try:
            take_up(number, actor="", cause="The time it was put off to has come")
            count += 1
        except NotNowError:  # somebody was quicker
            continue
    return count


def _keep(cases: Sequence[ExceptionCase]) -> None:
    for case in cases:
        case.edition += 1
    clocks.plan(cases)
    ExceptionCase.objects.bulk_update(cases, [*_MOVED, *clocks.DUES])


def _tell(cases: Sequence[ExceptionCase], action: str, text: str, actor: str) -> list[CaseEvent]:
    return CaseEvent.objects.bulk_create(
        CaseEvent(case=case, actor=actor[:80], action=action, text=text[:500]) for case in cases
    )


@transaction.atomic
def tag(number: int, *, tags: list[str], actor: str) -> CaseEvent:
    """Give the case exactly these tags: short words, lower case, each once. NotNowError for a long one."""
    if any_too_long(tags):
        raise NotNowError(TAG_TOO_LONG)
    case = locked(number)
    case.tags = clean_tags(tags)
    return keep_tags([case], actor=actor)[0]


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Lower case, each once."""
    return sorted({one.strip().lower() for one in tags if one.strip()})[:20]


def any_too_long(tags: Iterable[str]) -> bool:
    return any(len(one.strip()) > _LONGEST_TAG for one in tags)


def keep_tags(cases: Sequence[ExceptionCase], *, actor: str) -> list[CaseEvent]:
    """Keep the tags that these locked cases were given."""
    for case in cases:
        case.edition += 1
    ExceptionCase.objects.bulk_update(cases, ["tags", "edition"])
    return CaseEvent.objects.bulk_create(
        CaseEvent(
            case=case, actor=actor[:80], action="tagged",
            text=f"Tagged {', '.join(case.tags)}"[:500] if case.tags else "Took the tags away",
        )
        for case in cases
    )  # fmt: skip


def comment(case: ExceptionCase, *, text: str, actor: str, for_customer: bool = False) -> CaseEvent:
    """A note for colleagues, or for the customer to read. The same words sent twice are one note."""
    last = CaseEvent.objects.filter(case=case).order_by("-pk").first()
    if last and last.at > clock.now() - _AT_ONCE and _says(last, text, actor, for_customer):
        return last
    ExceptionCase.objects.filter(pk=case.pk).update(edition=F("edition") + 1)
    return CaseEvent.objects.create(
        case=case, actor=actor[:80], action="comment", text=text[:500], for_customer=for_customer
    )


def _says(event: CaseEvent, text: str, actor: str, for_customer: bool) -> bool:
    said = (event.action, event.text, event.actor, event.for_customer)
    return said == ("comment", text[:500], actor[:80], for_customer)


@transaction.atomic
def take(number: int, person: Any) -> None:
    """Take the case: the lease and, the first time, the acknowledgement. HeldError, NotNowError."""
    locked(number)
    leases.take(number, person)
    acknowledge(number, actor=person.name)


@transaction.atomic
def take_next(cases: QuerySet[ExceptionCase], person: Any) -> int | None:
    """Take the first of `cases` that nobody works on. Returns its number; None when none is free."""
    lease = leases.take_next(cases, person)
    if lease is None:
        return None
    acknowledge(lease.case_id, actor=person.name)
    return lease.case_id
