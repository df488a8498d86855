"""The facts of the chosen case, as the preview puts them."""

from typing import Any

from integrations.models import Flow
from integrations.views import spoken
from monitoring.models import ExceptionCase
from monitoring.remedies import Situation
from monitoring.views import ranking, ticking, words

_MOST_TARGETS = 3
Fact = tuple[str, str, str]  # label, value, what of it is strong


def facts(case: Any, situation: Situation, *, is_first: bool) -> list[dict[str, str]]:
    """What it holds, where, until when, why it stands where it stands, whose it is."""
    if case.is_of_endpoint:
        rows = _of_endpoint(case)
    elif case.is_finding:
        rows = _found(case)
    elif case.is_open:
        rows = _held(case, situation)
    else:
        rows = _closed(case)
    rows += _coming(case, is_first=is_first) + _people(case)
    return [{"label": label, "value": value, "strong": strong} for label, value, strong in rows]


def _of_endpoint(case: ExceptionCase) -> list[Fact]:
    return [
        ("Endpoint", f"{case.endpoint.label} of {case.customer.name}", ""),
        ("Since", spoken.moment(case.began_at), ""),
        ("Last try", case.endpoint.last_error or "none", ""),
    ]


def _found(case: ExceptionCase) -> list[Fact]:
    """What was found, as whoever found it put it."""
    rows: list[Fact] = [(label, text, "") for label, text in case.evidence.get("lines", ())]
    since = ("Since", spoken.moment(case.began_at), "")
    return [*rows, since] if case.is_open else [*_closed(case), *rows]


def _held(case: ExceptionCase, situation: Situation) -> list[Fact]:
    risk = f", {words.money(case.at_risk, case.currency)}" if case.at_risk else ""
    count = words.objects(case.documents, case.object_type)
    word = "Held" if situation.summary.held else "Noted"
    return [
        (word, f"{count}{risk}, first at {spoken.moment(case.began_at)}", ""),
        ("Flow", _flow(case, situation), ""),
    ]


def _flow(case: ExceptionCase, situation: Situation) -> str:
    """Orders from Harbor web → Business Central."""
    thing = words.objects(2, case.object_type).removeprefix("2 ")
    if situation.summary.held_out or situation.summary.remarks_out:
        return f"{thing} to {case.endpoint.label} of {case.customer.name}"
    flows = Flow.objects.filter(source=case.endpoint_id, object_type=case.object_type)
    targets = flows.order_by("target__label").values_list("target__label", flat=True)
    names = ", ".join(targets[:_MOST_TARGETS])
    source = f"{thing} from {case.endpoint.label} of {case.customer.name}"
    return f"{source} → {names}" if names else source


def _closed(case: ExceptionCase) -> list[Fact]:
    rows: list[Fact] = [
        ("Closed", f"{spoken.moment(case.closed_at)}: {case.resolution}", ""),
    ]
    if case.documents:
        risk = f", {words.money(case.at_risk, case.currency)}" if case.at_risk else ""
        rows.append(("Held", f"{words.objects(case.documents, case.object_type)}{risk}", ""))
    return rows


def _coming(case: Any, *, is_first: bool) -> list[Fact]:
    if not case.is_open:
        return []
    rows: list[Fact] = []
    cutoff = ticking.cutoff_context(case)
    if cutoff:
        late = cutoff["state"] == "late"
        strong = cutoff["words"] if late else f"in {cutoff['words']}"
        rows.append(("Cut-off", f"{cutoff['place']}{words.of_them(case)},", strong))
    if case.to_work:
        rows.append(("First, because" if is_first else "Ranked by", ranking.sentence(case), ""))
    return rows


def _people(case: ExceptionCase) -> list[Fact]:
    rows: list[Fact] = []
    if case.state == ExceptionCase.State.WAITING:
        whom = f"on {case.get_waiting_on_display()}" if case.waiting_on else "on others"
        rows.append(
            ("Waiting", f"{whom}: {case.waiting_reason}" if case.waiting_reason else whom, "")
        )
    if case.state == ExceptionCase.State.SNOOZED and case.snoozed_until:
        rows.append(("Snoozed", f"until {words.coming(case.snoozed_until)}, its clock goes on", ""))
    whose = case.assignee or case.team
    if whose and case.is_open:
        rows.append(("Assigned", f"to {whose.name}", ""))
    if case.times_back and case.is_open:
        times = "once" if case.times_back == 1 else f"{case.times_back} times"
        rows.append(("Came back", times, ""))
    if case.tags:
        rows.append(("Tags", ", ".join(case.tags), ""))
    return rows
