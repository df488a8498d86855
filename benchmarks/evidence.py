"""Does replay evidence flag what a schema cannot see, and only that?

Thirty edits of shipped mappings, lookups and routes, each run over 200 documents; ten are harmful
though everything that comes out is valid. An edit counts as flagged with one alarm or more.
"""

import json
import sys
from time import perf_counter, process_time

from benchmarks.evidence_edits import EDITS
from benchmarks.evidence_streams import Edit, natives, replay
from integrations.evidence import DocumentChange, Evidence, weigh

ORDERS_TIMED = "descriptions in capitals"


def main() -> None:
    found = {edit.name: judged(edit) for edit in EDITS}
    flagged = [edit for edit in EDITS if found[edit.name].alarms]
    for edit in EDITS:
        tell(edit, found[edit.name])
    harmful = sum(edit.harmful for edit in EDITS)
    print(
        json.dumps(
            {
                "harmful": harmful,
                "flagged": sum(edit.harmful for edit in flagged),
                "false_alarms": sum(not edit.harmful for edit in flagged),
                "harmless": len(EDITS) - harmful,
                "documents_per_second": round(_rate()),
            }
        )
    )


def judged(edit: Edit) -> Evidence:
    changes = replay(edit)
    require_effect(edit, changes)
    return weigh(changes)


def require_effect(edit: Edit, changes: list[DocumentChange]) -> None:
    """A harmful edit that breaks the schema, or does nothing, would prove nothing."""
    refused = [c for c in changes if c.validity == "newly_invalid"]
    if refused:
        raise SystemExit(f"{edit.name}: {refused[0].name} is refused: {refused[0].new.problems}")
    if edit.harmful and not any(change.changed for change in changes):
        raise SystemExit(f"{edit.name} changes nothing")
    if sum(change.old.valid for change in changes) < 0.9 * len(changes):
        raise SystemExit(f"{edit.name}: too few documents are valid before it")


def tell(edit: Edit, evidence: Evidence) -> None:
    right = edit.harmful == bool(evidence.alarms)
    mark = "ok   " if right else "WRONG"
    kind = "harmful " if edit.harmful else "harmless"
    print(f"{mark} {kind} {edit.name} ({edit.stream}): {evidence.summary[0]}", file=sys.stderr)
    for warning in evidence.warnings[:4]:
        print(f"        {warning.severity}: {warning.sentence}", file=sys.stderr)


def _rate() -> float:
    """Documents a second of processor time: both mappings, validation, comparing and weighing."""
    edit = next(edit for edit in EDITS if edit.name == ORDERS_TIMED)
    replay(edit)
    runs, start, deadline = 0, process_time(), perf_counter() + 10
    while process_time() - start < 1 and perf_counter() < deadline:
        weigh(replay(edit))
        runs += len(natives(edit.stream))
    return runs / (process_time() - start)


if __name__ == "__main__":
    main()
