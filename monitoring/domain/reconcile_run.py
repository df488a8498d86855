"""A run from beginning to end: step by step, each in a transaction, from what it keeps."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from monitoring.domain import (
    findings,
    reconcile_gather,
    reconcile_inventory,
    reconcile_invoices,
    reconcile_orders,
    reconcile_scope,
    reconcile_shipments,
    reconcile_standing,
    reconcile_unread,
)
from monitoring.domain.findings import Finding
from monitoring.domain.reconcile_comparison import Comparison
from monitoring.domain.reconcile_entry import fingerprint
from monitoring.domain.reconcile_scope import RefusedError, Scope
from monitoring.domain.reconcile_unread import UnreadError
from monitoring.models import ExceptionCase, Reconciliation, ReconRun
from monitoring.reconcile import DefinitionError, QuantityError
from portal.core import clock, events
from portal.core.errors import CrossdockError
from portal.jobs import lanes
from portal.jobs.kinds import Turn

log = structlog.get_logger()
State, Trigger = ReconRun.State, ReconRun.Trigger
STOPPED: Final = "It stopped over an error of ours. An engineer can see why."
_REFUSED_KEY: Final = "refused"


class ComparisonEnded(NamedTuple):
    """A run of a comparison is over, whatever became of it."""

    run_id: int


class Step(NamedTuple):
    """`words`: what people read while it is under way."""

    words: str
    take: Callable[[Scope], None]


GATHERING: Final[Mapping[str, Sequence[Step]]] = {
    "inventory": (
        Step("Asking the ERP", reconcile_gather.left),
        Step("Reading the warehouse's report", reconcile_gather.right),
        Step("Asking the channels", reconcile_gather.channels),
        Step("Collecting what moved", reconcile_gather.facts),
    ),
    "orders": (Step("Asking the systems for their orders", reconcile_orders.gather),),
    "shipments": (Step("Following the shipments", reconcile_shipments.gather),),
    "financial": (Step("Collecting the invoices", reconcile_invoices.gather),),
}
_COMPARING: Final[Mapping[str, Callable[[Scope], Comparison]]] = {
    "inventory": reconcile_inventory.compared,
    "orders": reconcile_orders.compared,
    "shipments": reconcile_shipments.compared,
    "financial": reconcile_invoices.compared,
}


def begin(
    reconciliation: Reconciliation, trigger: str, *, light: bool = False, actor: str = "",
    of: ReconRun | None = None,
) -> ReconRun | None:  # fmt: skip
    """Queue a run; None when one is under way already, which then is the one. `of`: made again."""
    try:
        with transaction.atomic():
            run = ReconRun.objects.create(
                reconciliation=reconciliation,
                version=of.version if of else reconciliation.version,
                trigger=trigger,
                light=of.light if of else light,
                of=of,
                actor=actor[:80],
            )
    except IntegrityError:
        return None
    lanes.wake("recon", str(reconciliation.pk))
    return run


def step(reconciliation_id: int) -> Turn:
    """Take the next step of the live run. What a system or a report does not allow ends it, saying why."""
    run = ReconRun.objects.filter(
        reconciliation_id=reconciliation_id, state__in=ReconRun.LIVE
    ).first()
    if run is None:
        return Turn(0)
    if run.began_at is None:
        _start(run)
    scope = None
    try:
        scope = reconcile_scope.of(run)
        with transaction.atomic():
            _take(scope)
    except RefusedError as refusal:
        _end(run, State.REFUSED, str(refusal), scope)
    except UnreadError as unread:
        log.warning(
            "side unread", run=run.pk, endpoint=unread.endpoint.id, why=str(unread.__cause__)
        )
        _end(run, State.FAILED, str(unread), scope, unread=unread.endpoint.id)
    except (DefinitionError, QuantityError) as error:
        _end(run, State.FAILED, str(error), scope)
    except CrossdockError as error:
        log.warning("comparison failed", run=run.pk, why=str(error))
        _end(run, State.FAILED, STOPPED, scope)
    return Turn(1)


def _start(run: ReconRun) -> None:
    now = clock.now()
    run.state, run.began_at = State.RUNNING, now
    run.at = run.of.at if run.of else now
    run.save(update_fields=["state", "began_at", "at"])


def _take(scope: Scope) -> None:
    """A repeat gathers nothing: it looks at what the first one kept."""
    run, steps = scope.run, GATHERING[scope.definition.kind]
    if run.of_id is None and run.step < len(steps):
        if not run.step:
            scope.keep_parties()
        steps[run.step].take(scope)
        run.step += 1
        run.save(update_fields=["step"])
        return
    comparison = _COMPARING[scope.definition.kind](scope)
    if run.of_id is None:
        reconcile_standing.settle(scope, comparison)
        findings.clear([_refusal_of(scope)], cause="The comparison is possible again")
    else:
        reconcile_standing.keep_rows(scope, comparison.entries, {})
    run.counts, run.figures = comparison.counts, comparison.figures
    run.digest = digest(comparison)
    run.state, run.ended_at, run.step = State.DONE, clock.now(), len(steps) + 1
    run.save(update_fields=["counts", "figures", "digest", "state", "ended_at", "step"])
    events.publish(ComparisonEnded(run.pk))


def digest(comparison: Comparison) -> str:
    """SHA-256 of all that was found, so that a run made again can be held against the first."""
    rows = [asdict(entry) for entry in sorted(comparison.entries, key=lambda e: (e.key, e.state))]
    found = json.dumps([comparison.counts, rows], sort_keys=True, default=str)
    return sha256(found.encode()).hexdigest()


def stop(reconciliation_id: int, text: str) -> None:
    """End the live run over an error of ours."""
    for run in ReconRun.objects.filter(
        reconciliation_id=reconciliation_id, state__in=ReconRun.LIVE
    ):
        _end(run, State.FAILED, text, None)


def _end(
    run: ReconRun, state: str, text: str, scope: Scope | None, *, unread: int | None = None
) -> None:
    """`unread`: the endpoint that did not say what it has; an open case about just that explains it."""
    run.state, run.trouble, run.ended_at = state, text[:500], clock.now()
    run.explained_by_id = None if unread is None else reconcile_unread.explained_by(unread)
    run.save(update_fields=["state", "trouble", "ended_at", "explained_by"])
    events.publish(ComparisonEnded(run.pk))
    if scope is None or run.of_id is not None:
        return
    if run.explained_by_id is None:
        findings.report([_refusal(scope, text, unread)])
    else:
        findings.clear([_refusal_of(scope)], cause=f"Explained by C-{run.explained_by_id}")


def _refusal_of(scope: Scope) -> UUID:
    return fingerprint(scope.reconciliation.pk, _REFUSED_KEY)


def _refusal(scope: Scope, text: str, unread: int | None) -> Finding:
    sides = scope.definition.sides
    known = {endpoint.slug: endpoint.id for endpoint in scope.config.endpoints.values()}
    named = [known[side.endpoint] for side in sides if side.endpoint in known]
    return Finding(
        fingerprint=_refusal_of(scope),
        customer_id=scope.customer_id,
        endpoint_id=unread or named[-1],
        origin=ExceptionCase.Origin.RECONCILIATION,
        code="recon_refused",
        since=scope.run.began_at or clock.now(),
        value=scope.reconciliation.label,
        evidence=[("Why", text), ("Run", f"{scope.run.label} of {scope.at:%d %b %H:%M} UTC")],
        url=f"/reconciliation/runs/{scope.run.pk}/",
    )


def words(run: ReconRun) -> str:
    """What a live run is doing now."""
    steps = GATHERING[run.reconciliation.kind]
    if run.of_id or run.step >= len(steps):
        return "Comparing"
    return steps[run.step].words if run.began_at else "Waiting for its turn"


def share(run: ReconRun) -> float:
    """How much of a live run is done, 0 to 1."""
    return min(1.0, run.step / (len(GATHERING[run.reconciliation.kind]) + 1))
