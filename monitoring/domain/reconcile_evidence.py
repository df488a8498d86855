"""What a case shows of a break: both sides, what was under way, the gap, and what it looks like."""

from collections.abc import Mapping
from typing import Final

from monitoring.domain.reconcile_entry import Entry
from monitoring.domain.reconcile_scope import Scope
from monitoring.reconcile import amount, shown, signed

_MOST_MOVEMENTS = 6
# What is compared of a channel, by the kind of case; all else of stock is the ERP's and the warehouse's.
CHANNEL_SIDES: Final[Mapping[str, tuple[str, str]]] = {
    "recon_channel": ("Told", "Shown"),
    "oversell_risk": ("Promised", "Free"),
}
Lines = list[tuple[str, str]]


def lines(scope: Scope, entry: Entry) -> Lines:
    """(label, text) of a break, in the order in which a person reads them."""
    found = _sides(scope, entry)
    found += _movements(entry)
    found += [(label, text) for label, text in entry.evidence]
    found += _causes(entry)
    if entry.is_back:
        found.append(("Came back", "The same gap was corrected before, so its root is elsewhere."))
    since = entry.first_seen or scope.at
    found.append(("Agreeing runs", f"{entry.runs}, first seen {since:%d %b %H:%M} UTC"))
    return found


def _sides(scope: Scope, entry: Entry) -> Lines:
    left, right = CHANNEL_SIDES.get(entry.code) or _names(scope)
    if not entry.left_at:
        return [(left, entry.left), (right, entry.right)] if entry.left or entry.right else []
    gap = signed(amount(entry.gap))
    worth = f", worth {entry.value} {scope.customer.currency}" if entry.value else ""
    return [
        (left, _rolled(entry.left, entry.left_at)),
        (right, _rolled(entry.right, entry.right_at)),
        ("Gap", f"{gap}{worth}"),
    ]


def _names(scope: Scope) -> tuple[str, str]:
    words = {"erp": "ERP", "warehouse": "Warehouse", "channel": "Channel"}
    roles = [words[side.role] for side in scope.definition.sides]
    return roles[0], roles[1]


def _rolled(said: str, at: str) -> str:
    """What a side said, and what that is at the instant of the run."""
    if not said:
        return "no row"
    here = shown(amount(at))
    return here if said == at else f"{shown(amount(said))} said, {here} at the instant of the run"


def _movements(entry: Entry) -> Lines:
    moved = [f"{kind} {reference} {effect}" for kind, reference, effect, *_ in entry.movements]
    if not moved:
        return []
    more = len(moved) - _MOST_MOVEMENTS
    tail = f" and {more} more" if more > 0 else ""
    return [("Moved", "; ".join(moved[-_MOST_MOVEMENTS:]) + tail)]


def _causes(entry: Entry) -> Lines:
    if not entry.causes:
        return [("Probable cause", "None of the usual ones fits.")] if entry.left_at else []
    first, *others = entry.causes
    found = [("Probable cause", f"{first['sentence']} ({first['confidence']:.0%})")]
    found += [(label, text) for label, text in first["evidence"]]
    found += [("Or", f"{one['sentence']} ({one['confidence']:.0%})") for one in others]
    return found
