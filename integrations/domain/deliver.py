"""The deliver lane: one bite of the messages waiting for one endpoint.

The lane is exclusive, so rate, concurrency, circuit breaker and order hold across workers.
"""

import json
import math
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction

from integrations.canonical.problem import Problem
from integrations.connectors import registry
from integrations.connectors.client import Delivers
from integrations.connectors.outbound import Outbound, Outcome
from integrations.domain import (
    clients,
    compose,
    configuration,
    cutoffs,
    effects,
    health,
    outbox,
    problems,
)
from integrations.domain.compose import Composed
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.enveloped import deliver_enveloped, sets_per_file
from integrations.domain.outbox import Claimed, Sent
from integrations.domain.problems import Trouble
from integrations.models import Endpoint
from portal.core import clock, retry, traces
from portal.core.cursors import binary_cursor
from portal.core.errors import CrossdockError, NeedsCredentials, NeedsPerson, Retryable
from portal.jobs.kinds import Turn

BITE = 200
SEND_SECONDS = 10.0  # then nothing more is begun: the worker belongs to others as well
WRITE_EVERY = 50
WRITE_AFTER_SECONDS = 0.05


def deliver(endpoint_id: int) -> Turn:
    """Send one bite. Returns how many tries were made, and when the endpoint wants the next turn."""
    endpoint = Endpoint.objects.filter(pk=endpoint_id).first()
    if endpoint is None or endpoint.state == Endpoint.State.PAUSED:
        return Turn(0)
    outbox.free_orphans(endpoint_id)
    per_call = _documents_per_call(endpoint)
    with transaction.atomic():
        admitted = health.admit(endpoint, most=BITE)
        limit = min(admitted.room * per_call, BITE)
        probing = admitted.state.state == "half_open"
        claimed = outbox.claim(endpoint_id, limit=limit, early=probing) if limit else []
        if claimed:
            health.taken(endpoint, admitted, count=math.ceil(len(claimed) / per_call))
    if not claimed:
        waiting, again_at = outbox.next_due(endpoint_id), admitted.again_at
        return Turn(0, max(waiting, again_at) if waiting and again_at else waiting)
    config = configuration.live(endpoint.customer_id)
    target = config.endpoints[endpoint_id]
    report = health.Report(endpoint_id)
    with traces.span("deliver", endpoint=endpoint.slug, documents=len(claimed)):
        if "envelope" in target.connector.manifest.capabilities:
            deliver_enveloped(config, target, claimed, report)
        else:
            _deliver_each(config, target, claimed, report)
    health.record(config, target, report)
    return Turn(len(claimed))


def _documents_per_call(endpoint: Endpoint) -> int:
    """The rate counts calls: a file with many documents is one."""
    if "envelope" not in registry.get(endpoint.connector).manifest.capabilities:
        return 1
    return sets_per_file(endpoint.settings)


def _deliver_each(
    config: Configuration, target: EndpointConfig, claimed: Sequence[Claimed], report: health.Report
) -> None:
    composed = compose.compose(config, target, claimed)
    by_id = {message.id: message for message in claimed}
    hold_unmapped(config, target, composed, by_id)
    writer = Writer(config, target, composed, by_id, report)
    untried = {item.message_id for item in composed.ready}
    ends = time.monotonic() + SEND_SECONDS

    def enough() -> bool:
        return report.is_hopeless or time.monotonic() > ends

    for outcome in _outcomes(clients.delivering(target), composed.ready, enough=enough):
        untried.discard(outcome.message_id)
        writer.add(outcome)
    writer.flush()
    outbox.put_back(untried)


def _outcomes(
    client: Delivers, batch: Sequence[Outbound], *, enough: Callable[[], bool]
) -> Iterable[Outcome]:
    """The client's outcomes; if the client as a whole fails, that of everything it did not answer."""
    open_ids = {item.message_id for item in batch}
    try:
        for outcome in client.deliver(batch, enough=enough):
            open_ids.discard(outcome.message_id)
            yield outcome
    except CrossdockError as error:
        for message_id in open_ids:
            yield Outcome(message_id, error=error)


def hold_unmapped(
    config: Configuration, target: EndpointConfig, composed: Composed, by_id: dict[UUID, Claimed]
) -> None:
    """Hold the messages that could not be translated, and let those wait that nobody came to."""
    with transaction.atomic():
        outbox.put_back(composed.late)
        hold(config, target, composed.problems, by_id, composed.mappings)


def hold(
    config: Configuration,
    target: EndpointConfig,
    found: dict[UUID, list[Problem]],
    by_id: dict[UUID, Claimed],
    mappings: dict[UUID, str],
) -> None:
    """Hold messages with their problems. Runs in the caller's transaction."""
    outbox.finish(
        [
            Sent(m, "held", found[m][0].text, None, None, None, mappings.get(m, "")[:80])
            for m in found
        ],
        configuration=config.history,
    )
    open_troubles(config, target, found, by_id)


def open_troubles(
    config: Configuration,
    target: EndpointConfig,
    found: Mapping[UUID, Sequence[Problem]],
    by_id: Mapping[UUID, Claimed],
) -> None:
    """Open the problems of messages that are held now."""
    late = cutoffs.of_sent(config, list(found))
    problems.open_problems(
        Trouble(
            m, config.customer_id, target.id, by_id[m].object_type, found[m], cutoff=late.get(m)
        )
        for m in found
    )


class Writer:
    """Writes outcomes in small batches while deliveries go on, so that a kill loses few notes."""

    def __init__(
        self,
        config: Configuration,
        target: EndpointConfig,
        composed: Composed,
        by_id: dict[UUID, Claimed],
        report: health.Report,
    ) -> None:
        self._config, self._target, self._composed = config, target, composed
        self._by_id, self._report = by_id, report
        self._waiting: list[Outcome] = []
        self._since = time.monotonic()

    def add(self, outcome: Outcome) -> None:
        self._report.note(outcome.error)
        self._waiting.append(outcome)
        late = time.monotonic() - self._since > WRITE_AFTER_SECONDS
        if len(self._waiting) >= WRITE_EVERY or late:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        outcomes, self._waiting = self._waiting, []
        self._since = time.monotonic()
        if outcomes:
            self._write(outcomes)

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Write what happened at once, e.g. to all the documents of a file."""
        for outcome in outcomes:
            self._report.note(outcome.error)
        self._write(outcomes)

    def _write(self, outcomes: Sequence[Outcome]) -> None:
        with transaction.atomic():
            store_sent(outcomes)
            sent = [self._sent(outcome) for outcome in outcomes]
            ended = set(outbox.finish(sent, configuration=self._config.history))
            good = [o for o in outcomes if o.error is None and o.message_id in ended]
            effects.note(self._config, self._target, [(self._by_id[o.message_id], o) for o in good])
            self._hold_refused([o for o in outcomes if o.message_id in ended])

    def _hold_refused(self, outcomes: Sequence[Outcome]) -> None:
        refused = {
            o.message_id: problems_of(o.error)
            for o in outcomes
            if o.error is not None and self._state(o)[0] == "held"
        }
        open_troubles(self._config, self._target, refused, self._by_id)

    def _state(self, outcome: Outcome) -> tuple[str, datetime | None]:
        if outcome.error is None:
            return ("confirmed" if outcome.confirmed else "delivered"), None
        return next_state(outcome.error, self._by_id[outcome.message_id].attempts)

    def _sent(self, outcome: Outcome) -> Sent:
        state, due_at = self._state(outcome)
        return Sent(
            message_id=outcome.message_id,
            state=state,
            cause="" if outcome.error is None else str(outcome.error),
            due_at=due_at,
            payload=sha256(outcome.sent).digest() if outcome.sent else None,
            answer=json.dumps(dict(outcome.answer)).replace("\\u0000", "")
            if outcome.answer
            else None,
            mapping=self._composed.mappings.get(outcome.message_id, "")[:80],
        )


def next_state(error: CrossdockError, attempts: int) -> tuple[str, datetime | None]:
    """Where an error leads: wait and try again, wait for the endpoint, or hold for a person."""
    if isinstance(error, Retryable):
        delay = retry.next_delay(attempts, jitter=random.random, retry_after=error.retry_after)
        if delay is not None:
            return "waiting", clock.now() + timedelta(seconds=delay)
    if isinstance(error, NeedsCredentials):
        return "waiting", None  # the breaker keeps it until there are new ones
    return "held", None


def problems_of(error: CrossdockError | None) -> Sequence[Any]:
    """The problems a failed try is held with."""
    if isinstance(error, NeedsPerson):
        return error.problems
    if error is None:
        return []
    return [Problem(error.code, "", "", error.message)]


def store_sent(outcomes: Sequence[Outcome]) -> None:
    """Keep the bytes that went over the wire."""
    bodies = {sha256(o.sent).digest(): o.sent for o in outcomes if o.sent}
    if not bodies:
        return
    with binary_cursor() as cursor:
        cursor.execute(
            "INSERT INTO integrations_payload (sha256, body, content_type)"
            " SELECT sha, body, 'application/json' FROM unnest(%b::bytea[], %b::bytea[]) AS p(sha, body)"
            " ORDER BY sha ON CONFLICT (sha256) DO NOTHING",
            [list(bodies), list(bodies.values())],
        )
