"""One expectation in words: what it is about, what is expected, how it stands."""

from typing import Any, Final

from integrations.views import spoken
from monitoring.domain.expecting_known import side_of
from monitoring.domain.expecting_legs import lag_of
from monitoring.domain.expecting_words import things, waiting_noun
from monitoring.expect import words
from monitoring.expect.profile_json import profile_of, schedule_of
from monitoring.models import Expectation
from monitoring.queries.awaiting import Side, Waiting
from monitoring.views.words import coming
from portal.core.manner import number
from portal.customers.durations import duration_text

Kind, Mode, State = Expectation.Kind, Expectation.Mode, Expectation.State
_SHAPES: Final = {
    State.LEARNING: "waiting", State.WELL: "good", State.DUE: "risk", State.LATE: "bad",
    State.EXPLAINED: "waiting", State.OFF: "snoozed",
}  # fmt: skip
_LEGS: Final = {
    Kind.TRANSMIT: "{endpoint} accepts orders",
    Kind.ACKNOWLEDGE: "{endpoint} acknowledges our documents",
    Kind.SHIP: "{endpoint} ships orders",
    Kind.CONFIRM: "{endpoint} is told of shipments",
    Kind.INVOICE: "{endpoint} invoices what was shipped",
}


def name(one: Expectation) -> str:
    """`Orders from Web shop`."""
    if one.is_leg:
        return _LEGS[Kind(one.kind)].format(endpoint=one.endpoint.label)
    what = things(one.object_type)
    place = f"to {one.endpoint.label}" if one.flow_id else f"from {one.endpoint.label}"
    return f"{what[:1].upper()}{what[1:]} {place}"


def status(one: Expectation) -> dict[str, str]:
    state = State(one.state)
    return {"shape": _SHAPES[state], "word": str(state.label)}


def expected(one: Expectation) -> str:
    """What is expected, and whether a person said so."""
    if one.is_off:
        return "nothing"
    agreed = "agreed: " if one.mode == Mode.GIVEN else ""
    if one.is_leg:
        return _lag(one, agreed)
    if one.mode == Mode.GIVEN and one.schedule:
        return f"{agreed}{words.schedule_words(schedule_of(one.schedule))}"
    if one.rhythm:
        return words.schedule_words(schedule_of(one.rhythm))
    if one.profile:
        week = sum(map(sum, profile_of(one.profile).week))
        return f"about {words.about(week / 7)} a day"
    return "not learned yet"


def _lag(one: Expectation, agreed: str) -> str:
    lag = lag_of(one)
    if lag is None:
        return "not learned yet"
    hours = ", working hours" if one.in_hours else ""
    usual = "" if agreed else f", usually {duration_text(max(1, round(lag.usual)))}"
    return f"{agreed}within {duration_text(round(lag.due))}{hours}{usual}"


def row(one: Expectation, waiting: dict[Side, Waiting]) -> dict[str, Any]:
    """One row of the list."""
    waits = waiting.get(side_of(one), Waiting()) if one.is_leg else None
    due = waits.next_due if waits else one.due_at
    late = one.state == State.LATE
    return {
        "url": f"/expectations/{one.pk}/",
        "name": name(one),
        "expected": expected(one),
        "status": status(one),
        "said": one.said,
        "last": spoken.moment(one.last_at),
        "due": "" if late or due is None else coming(due),
        "waits": _waits(one, waits),
    }


def _waits(one: Expectation, waits: Waiting | None) -> str:
    if waits is None:
        return ""
    if not waits.documents:
        return "nothing waits"
    noun = waiting_noun(one.kind)
    late = f", {number(waits.overdue)} past due" if waits.overdue else ""
    return f"{spoken.counted(waits.documents, noun)} waiting{late}"
