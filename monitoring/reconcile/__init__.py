"""Reconciliation: what two systems say at one instant, where they differ, why, and since when. Pure."""

from monitoring.reconcile.agreeing import Judged, Past, Seen, judge
from monitoring.reconcile.amounts import Amount, QuantityError, amount, counted, shown, signed, text
from monitoring.reconcile.causes import Cause, Suspect, Twin, all_off, causes, twins
from monitoring.reconcile.comparing import DIFFERENT, Result, Row, State, Tally, compare
from monitoring.reconcile.definition import Definition, Side, Tolerance
from monitoring.reconcile.definition_json import DefinitionError
from monitoring.reconcile.levels import Key
from monitoring.reconcile.metrics import Metrics, Oversell, drift, metrics, oversell_risk
from monitoring.reconcile.snapshot import ALL, Item, Level, Movement, Snapshot, cut_off

__all__ = [
    "ALL", "DIFFERENT", "Amount", "Cause", "Definition", "DefinitionError", "Item", "Judged", "Key",
    "Level", "Metrics", "Movement", "Oversell", "Past", "QuantityError", "Result", "Row", "Seen", "Side",
    "Snapshot", "State", "Suspect", "Tally", "Tolerance", "Twin", "all_off", "amount", "causes", "compare",
    "counted", "cut_off", "drift", "judge", "metrics", "oversell_risk", "shown", "signed", "text", "twins",
]  # fmt: skip
