"""Driving a fix by hand in tests: its own lane and the pipeline take turns until both are at rest."""

from monitoring.domain import carrying, fixing
from monitoring.models import Fix
from tests import pipeline


def settle(fix: Fix, *, turns: int = 60) -> Fix:
    """Run the fix and the customer's lanes until the fix waits for a person or has ended."""
    for _ in range(turns):
        turn = carrying.step(fix.pk)
        pipeline.run(fix.case.customer_id)
        fix.refresh_from_db()
        if turn.next_due is None and fix.state not in (Fix.State.CHECKING, *Fix.RUNNING):
            return fix
    raise AssertionError(f"the fix did not come to rest: {fix.state}")


def apply(fix: Fix, person: object, *, canary: bool = False) -> Fix:
    """Try it, then let all of it go."""
    settle(fix)
    assert fix.state == Fix.State.CHECKED, (fix.state, fix.trouble)
    fixing.go(fix.pk, person=person, shown=fix.digest, canary=canary)
    return settle(fix)


def verdicts(fix: Fix) -> list[str]:
    return list(fix.items.values_list("verdict", flat=True))


def outcomes(fix: Fix) -> list[str]:
    return list(fix.items.values_list("outcome", flat=True))
