"""Reconciliations in words: states, rates, sides, what to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from integrations.views import spoken
from monitoring.domain.reconcile_evidence import CHANNEL_SIDES
from monitoring.models import Break, Correction, Reconciliation, ReconRow, ReconRun
from monitoring.reconcile import amount, shown, signed

STATES: Final[Mapping[str, str]] = {
    "match": "agree",
    "in_tolerance": "in tolerance",
    "in_flight": "under way",
    "variance": "differ",
    "missing_left": "missing in the ERP",
    "missing_right": "missing at the warehouse",
    "not_comparable": "not comparable",
    "oversell_risk": "may be oversold",
    "everywhere": "all rows",
    "missed_order": "never came",
    "not_posted": "not in the ERP",
    "not_transmitted": "not at the warehouse",
    "unknown_order": "unknown order",
    "cancelled_but_open": "cancelled here, open there",
    "not_fulfilled": "not shown as fulfilled",
    "total_differs": "total differs",
    "quantity_differs": "quantity differs",
    "dropped_line": "line dropped",
    "added_line": "line added",
    "step_missing": "step missing",
    "tracking_reused": "tracking number twice",
    "not_invoiced": "not invoiced",
    "nothing_shipped": "nothing shipped",
    "invoiced_quantity": "other quantity invoiced",
    "invoiced_price": "other price invoiced",
    "invoiced_tax": "other tax invoiced",
    "invoiced_freight": "other freight invoiced",
    "invoiced_total": "other total invoiced",
    "invoiced_currency": "other currency invoiced",
    "invoice_unmatched": "invoice of no order",
    "refund_not_credited": "refunded, not credited",
    "copies": "copies ignored",
    "versions": "new versions",
}
# Who holds a gap, by what it looks like; else by which side is short of a document.
HOLDERS: Final[Mapping[str, str]] = {
    "unit": "master data",
    "lost_945": "the warehouse",
    "doubled_945": "the ERP",
    "doubled_947": "the ERP",
    "opening_balance": "the ERP",
    "unposted_movement": "the ERP",
    "sign_error": "the ERP",
    "not_cross_referenced": "master data",
    "wrong_snapshot_time": "the report",
    "delta_read_as_full": "the report",
    "missed": "the channel",
    "not_posted": "the ERP",
    "not_sent": "us",
    "dropped_line": "us",
}
_RUN_SHAPES: Final = {
    "queued": "waiting",
    "running": "work",
    "done": "good",
    "refused": "bad",
    "failed": "bad",
}
_BREAK_SHAPES: Final = {
    "seen": "due",
    "open": "open",
    "corrected": "waiting",
    "accepted": "snoozed",
    "closed": "good",
}
_CORRECTION_SHAPES: Final = {"asked": "waiting", "done": "good", "failed": "bad", "refused": "bad"}


def run_state(run: ReconRun | None) -> dict[str, str]:
    if run is None:
        return {"shape": "", "word": "has not run yet"}
    return {"shape": _RUN_SHAPES[run.state], "word": run.get_state_display()}


def break_state(one: Break) -> dict[str, str]:
    word = one.get_status_display()
    if one.status == Break.Status.CORRECTED:
        word = "corrected, waits for a run"
    if one.status == Break.Status.SEEN:
        word = "seen once" if one.seen_runs == 1 else f"seen in {one.seen_runs} runs, not sure yet"
    return {"shape": _BREAK_SHAPES[one.status], "word": word}


def seen_in(one: Break) -> str:
    """How many runs saw it since it was last over, and how many of the last ones saw the same."""
    seen = spoken.counted(one.seen_runs, "run")
    if one.status == Break.Status.CLOSED or one.seen_runs == 1:
        return seen
    return (
        f"{seen}, the last {one.runs} alike" if one.runs < one.seen_runs else f"{seen}, all alike"
    )


def correction(one: Correction) -> str:
    """What is or was done, as it stands after “to”."""
    if one.kind == Correction.Kind.PAIR:
        return f"pair with order {one.reference}"
    return f"{one.get_kind_display()} {gap(one.quantity)}".strip()


def correction_state(one: Correction) -> dict[str, str]:
    return {"shape": _CORRECTION_SHAPES[one.state], "word": one.get_state_display()}


def rate(figures: Mapping[str, Any], name: str = "by_sku") -> str:
    """A share in per cent, cut and not rounded: 99.99 is not all of it."""
    said = figures.get(name)
    if said is None:
        return "none"
    cents = int(Decimal(str(said)) * 10_000)
    return f"{cents / 100:.2f} %" if cents < 10_000 else "100 %"


def kind(one: Reconciliation) -> str:
    return one.get_kind_display()


def quantity(said: str) -> str:
    """An exact quantity for people; other text stays as it is."""
    if not said:
        return ""
    try:
        return shown(amount(said))
    except ValueError:
        return said


def place(one: Break) -> str:
    """Where it is: the site, or what the channel is called; blank where it is no place."""
    if one.code in CHANNEL_SIDES:
        return one.endpoint.label
    return "" if one.location == "*" else one.location


def gap(said: str) -> str:
    try:
        return signed(amount(said)) if said else ""
    except ValueError:
        return ""


def holder(cause: str, state: str) -> str:
    """Who has to look, as far as the gap tells."""
    if cause in HOLDERS:
        return HOLDERS[cause]
    return {"missing_left": "the ERP", "missing_right": "the warehouse"}.get(state, "not known")


def moved(movement: list[Any]) -> dict[str, str]:
    """One movement of a break: what, when, and which side has booked it."""
    what, reference, effect, at, sides = movement
    words = {"ship": "shipped", "receive": "received", "adjust": "adjusted", "sale": "sold"}
    return {
        "what": words.get(what, what),
        "reference": reference,
        "effect": effect,
        "at": spoken.moment(_moment(at)),
        "booked": " and ".join(sides) if sides else "nobody",
    }


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at)


def row(
    one: ReconRow, currency: str, sides: tuple[str, str], channels: Mapping[str, str]
) -> dict[str, Any]:
    """One row of a run. `sides`: of the run; `channels`: what they are called, by slug."""
    cause = one.causes[0] if one.causes else None
    difference = one.difference
    return {
        "name": one.sku or one.subject or "all rows",
        "url": f"/reconciliation/breaks/{difference.pk}/" if difference else "",
        "second": _second(one, channels),
        "sides": _sides(one, sides, channels),
        "left": quantity(one.left_at or one.left),
        "left_said": _said(one.left, one.left_at),
        "right": quantity(one.right_at or one.right),
        "right_said": _said(one.right, one.right_at),
        "gap": gap(one.gap) if one.left_at else "",
        "worth": spoken.amount(one.value, currency) if one.value else "",
        "cause": cause["sentence"] if cause else one.note,
        "sure": f"{cause['confidence']:.0%} probable, with {holder(cause['code'], one.state)}"
        if cause
        else "",
        "state": break_state(difference) if difference else None,
    }


def _sides(one: ReconRow, sides: tuple[str, str], channels: Mapping[str, str]) -> tuple[str, str]:
    if one.location not in channels:
        return sides
    return CHANNEL_SIDES.get(one.state) or CHANNEL_SIDES["recon_channel"]


def heads(rows: Sequence[Mapping[str, Any]]) -> tuple[str, str] | None:
    """What both sides of all rows are; None where they are not of one kind."""
    found = {row["sides"] for row in rows}
    return found.pop() if len(found) == 1 else None


def named(row: dict[str, Any]) -> dict[str, Any]:
    """A row that says itself what its sides are."""
    return {**row, "words": row["sides"]}


def _second(one: ReconRow, channels: Mapping[str, str]) -> str:
    is_hidden = one.state == "missing_right" and one.location in channels
    parts = ["not shown" if is_hidden else STATES.get(one.state, one.state)]
    if one.subject and one.sku:
        parts = [one.subject, *parts]
    if one.location not in ("", "*"):
        parts.append(channels.get(one.location, one.location))
    if one.lot not in ("", "*"):
        parts.append(f"lot {one.lot}")
    if one.line_no:
        parts.append(f"line {one.line_no}")
    return " · ".join(parts)


def _said(said: str, at: str) -> str:
    if not at:
        return ""
    if not said:
        return "no row"
    return "" if said == at else f"said {quantity(said)}"
