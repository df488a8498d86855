"""How an endpoint is doing: breaker, rate, last good call; and telling the floor above."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.models import Endpoint, PollCursor
from portal.core import breaker, bucket, clock, events
from portal.core.errors import CrossdockError, NeedsCredentials, Retryable
from portal.jobs import lanes

BURST_SECONDS = 2.0


class EndpointDown(NamedTuple):
    """The breaker opened: nothing is sent until a probe succeeds, or a person acts (`needs_person`).

    `since`: the first of the calls in a row that failed.
    """

    endpoint_id: int
    customer_id: int
    code: str
    text: str
    needs_person: bool
    since: datetime


class EndpointUp(NamedTuple):
    """The endpoint answers again. `failed_until`: its last call that failed; from then on we waited."""

    endpoint_id: int
    customer_id: int
    failed_until: datetime


class Report:
    """What one bite learned about an endpoint."""

    def __init__(self, endpoint_id: int) -> None:
        self.endpoint_id = endpoint_id
        self.outcomes: list[CrossdockError | None] = []

    def note(self, error: CrossdockError | None) -> None:
        self.outcomes.append(error)

    @property
    def is_hopeless(self) -> bool:
        """Whether the endpoint failed so often in a row that its breaker will open."""
        last = self.outcomes[-breaker.FAILURES_TO_OPEN :]
        fails = (isinstance(error, Retryable | NeedsCredentials) for error in last)
        return len(last) == breaker.FAILURES_TO_OPEN and all(fails)


class Admittance(NamedTuple):
    """`room`: how many messages may be sent now; if none, from when. `taken` must be told the count."""

    room: int
    again_at: datetime | None
    state: breaker.Breaker
    tokens: bucket.Bucket


def admit(endpoint: Endpoint, *, most: int) -> Admittance:
    """What breaker and rate allow now. A half-open breaker lets one message through as its probe."""
    now = clock.now().timestamp()
    state, allowed = breaker.allow(breaker.from_json(endpoint.breaker.get("state")), now=now)
    tokens = _bucket(endpoint, now)
    if not allowed:
        return Admittance(0, _moment(state.until), state, tokens)
    count = min(most, bucket.available(tokens, now=now), 1 if state.state == "half_open" else most)
    again_at = None if count else _moment(now + 1 / endpoint.rate_per_second)
    return Admittance(count, again_at, state, tokens)


def taken(endpoint: Endpoint, admittance: Admittance, *, count: int) -> None:
    """Store that `count` messages are being sent."""
    now = clock.now().timestamp()
    tokens, _ = bucket.take(admittance.tokens, now=now, count=count)
    _store(endpoint.pk, admittance.state, tokens)


def _bucket(endpoint: Endpoint, now: float) -> bucket.Bucket:
    rate = endpoint.rate_per_second
    stored = endpoint.breaker.get("bucket")
    if stored:
        return bucket.correct(bucket.from_json(stored), now=now, rate=rate, burst=_burst(rate))
    return bucket.full(rate=rate, burst=_burst(rate), now=now)


def _burst(rate: float) -> float:
    return max(1.0, rate * BURST_SECONDS)


def record(config: Configuration, target: EndpointConfig, report: Report) -> None:
    """Let the breaker learn from a bite, and say so when the endpoint went down or came back."""
    if not report.outcomes:
        return
    now = clock.now().timestamp()
    with transaction.atomic():
        endpoint = Endpoint.objects.select_for_update().get(pk=target.id)
        before = breaker.from_json(endpoint.breaker.get("state"))
        state, tokens = before, _bucket(endpoint, now)
        for error in report.outcomes:
            state = _learn(state, error, now=now)
            if isinstance(error, Retryable) and error.code == "rate_limited":
                tokens = bucket.shut(tokens, now=now, seconds=error.retry_after or 1.0)
        _store(endpoint.pk, state, tokens)
        _note_last(endpoint.pk, report)
        _tell(endpoint, before, state, report)


def _learn(state: breaker.Breaker, error: CrossdockError | None, *, now: float) -> breaker.Breaker:
    if isinstance(error, NeedsCredentials):
        return breaker.hold_open(state)
    if isinstance(error, Retryable) and error.code != "rate_limited":
        return breaker.fail(state, now=now)
    return breaker.succeed(state)  # an answer is an answer, also a refusal


def _tell(
    endpoint: Endpoint, before: breaker.Breaker, after: breaker.Breaker, report: Report
) -> None:
    """`endpoint` as it was before the bite."""
    now = clock.now()
    if after.state == "open" and before.state == "closed":
        error = next(e for e in reversed(report.outcomes) if e is not None)
        person = after.until is None
        since = now if person or not after.failures else _moment(after.failures[0]) or now
        events.publish(
            EndpointDown(endpoint.pk, endpoint.customer_id, error.code, str(error), person, since)
        )
    elif after.state == "closed" and before.state != "closed":
        retry_now(endpoint.pk)
        until = endpoint.last_error_at or now
        events.publish(EndpointUp(endpoint.pk, endpoint.customer_id, until))


def retry_now(endpoint_id: int) -> None:
    """Let everything that waits for a retry go at once, in order: the endpoint answers again."""
    PollCursor.objects.filter(endpoint_id=endpoint_id, attempts__gt=0).update(due_at=clock.now())
    lanes.wake("poll", str(endpoint_id))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_message SET due_at = NULL WHERE endpoint_id = %s AND direction = 'out'"
            " AND state = 'waiting' AND attempts > 0 AND due_at IS NOT NULL",
            [endpoint_id],
        )
    lanes.wake("deliver", str(endpoint_id))


def reset(endpoint: Endpoint) -> None:
    """Close the breaker because a person says so, e.g. after new credentials."""
    _store(endpoint.pk, breaker.reset(), None)
    retry_now(endpoint.pk)
    events.publish(EndpointUp(endpoint.pk, endpoint.customer_id, clock.now()))


def _store(endpoint_id: int, state: breaker.Breaker, tokens: bucket.Bucket | None) -> None:
    stored: dict[str, Any] = {"state": breaker.to_json(state)}
    if tokens:
        stored["bucket"] = bucket.to_json(tokens)
    Endpoint.objects.filter(pk=endpoint_id).update(breaker=stored)


def _note_last(endpoint_id: int, report: Report) -> None:
    errors = [e for e in report.outcomes if e is not None]
    news: dict[str, Any] = {}
    if len(errors) < len(report.outcomes):
        news["last_good_at"] = clock.now()
    if errors:
        news |= {"last_error": str(errors[-1])[:300], "last_error_at": clock.now()}
    Endpoint.objects.filter(pk=endpoint_id).update(**news)


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
