"""The poll lane: one page of one stream of an endpoint, stored before the cursor moves."""

from datetime import datetime, timedelta

from django.db import transaction

from integrations.connectors.inbound import Page
from integrations.domain import clients, configuration, health, inbox, problems
from integrations.domain.configuration import EndpointConfig
from integrations.models import Endpoint, PollCursor
from integrations.queries import intake
from integrations.queries.intake import Arrival
from portal.core import breaker, clock
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable
from portal.jobs import lanes
from portal.jobs.kinds import Turn

AGAIN_AFTER = 5  # seconds for each failure in a row; the breaker makes longer pauses
MOST_ATTEMPTS = 60


def poll(endpoint_id: int) -> Turn:
    """Fetch one page of the stream that is due longest. Returns the documents stored."""
    endpoint = Endpoint.objects.filter(pk=endpoint_id).first()
    if endpoint is None or endpoint.state == Endpoint.State.PAUSED:
        return Turn(0)
    cursor = endpoint.cursors.order_by("due_at").first()
    if cursor is None or cursor.due_at > clock.now():
        return Turn(0, cursor.due_at if cursor else None)
    again_at = _closed_until(endpoint)
    if again_at:
        return Turn(0, again_at)
    config = configuration.of(endpoint.customer_id)
    target = config.endpoints[endpoint_id]
    report = health.Report(endpoint_id)
    try:
        page = _fetch(target, cursor)
    except CrossdockError as error:
        report.note(_without_answer(error))
        _put_off(cursor, error)
        stored = 0
    else:
        report.note(None)
        stored = _store(endpoint, cursor, page)
        if page.after_stored:
            _tidy(page, report)
    health.record(config, target, report)
    return Turn(stored, endpoint.cursors.order_by("due_at").values_list("due_at", flat=True)[0])


def _fetch(target: EndpointConfig, cursor: PollCursor) -> Page:
    try:
        return clients.fetching(target).fetch(cursor.stream, cursor.cursor, now=clock.now())
    except KeyError as missing:
        if missing.args != (cursor.stream,):
            raise
    text = f"The settings of {target.slug} have no stream {cursor.stream} any more"
    raise Permanent(text, code="settings_invalid")


def _closed_until(endpoint: Endpoint) -> datetime | None:
    """While the breaker is open polls wait, but a poll may be the probe."""
    state = breaker.from_json(endpoint.breaker.get("state"))
    if state.state != "open":
        return None
    if state.until is None:
        return clock.now() + timedelta(minutes=1)
    until = datetime.fromtimestamp(state.until, tz=clock.now().tzinfo)
    if until > clock.now():
        return until
    probing, _ = breaker.allow(state, now=clock.now().timestamp())
    Endpoint.objects.filter(pk=endpoint.pk).update(
        breaker={**endpoint.breaker, "state": breaker.to_json(probing)}
    )
    return None


def _store(endpoint: Endpoint, cursor: PollCursor, page: Page) -> int:
    arrivals = [Arrival(endpoint.pk, endpoint.customer_id, document) for document in page.documents]
    with transaction.atomic():
        if arrivals:
            intake.store(arrivals, note_repeats=False)
            lanes.wake("translate", str(endpoint.customer_id))
        outdone = inbox.supersede(endpoint.pk, page.outdone)
        problems.close_problems(outdone, actor="", cause="It needs nothing any more")
        now = clock.now()
        cursor.cursor, cursor.attempts, cursor.last_run_at = page.cursor, 0, now
        cursor.due_at = now if page.more else now + timedelta(seconds=cursor.every_seconds)
        cursor.save(update_fields=["cursor", "attempts", "last_run_at", "due_at"])
    return len(arrivals)


def _without_answer(error: CrossdockError) -> CrossdockError:
    """A refused document is an answer; a refused poll is none: nothing comes until somebody mends it."""
    if isinstance(error, Retryable | NeedsCredentials):
        return error
    return Retryable(error.message, code=error.code)


def _put_off(cursor: PollCursor, error: CrossdockError) -> None:
    """A failed poll comes again after a while that grows by five seconds, to five minutes at most."""
    cursor.attempts = min(cursor.attempts + 1, MOST_ATTEMPTS)
    asked = getattr(error, "retry_after", None) or 0
    cursor.due_at = clock.now() + timedelta(seconds=max(AGAIN_AFTER * cursor.attempts, asked))
    cursor.save(update_fields=["attempts", "due_at"])


def _tidy(page: Page, report: health.Report) -> None:
    """What follows storing, e.g. archiving files. Failing here loses nothing: they come again."""
    try:
        page.after_stored()  # type: ignore[misc]
    except CrossdockError as error:
        report.note(error)
