"""What callers do with published resources: list, read one, create. Each call is counted.

A caller may work under its customer's row limit. Whether a resource is theirs is looked up under it; its
system is reached beyond it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import structlog
from django.db import connection, transaction

from integrations.connectors.client import HasRelations
from integrations.domain import resources
from integrations.models import Endpoint, Resource, ResourceRow
from integrations.resources import asking, changes, definition, values
from integrations.resources.asking import Clock
from integrations.resources.definition import Definition
from integrations.resources.relations import RowDiffersError, RowRefusedError, Writing
from portal.core import breaker, clock
from portal.core.errors import CrossdockError, Retryable
from portal.tenants.current import current_schema
from portal.tenants.rows import beyond_limit

Outcome = ResourceRow.Outcome
log = structlog.get_logger()
MOST_BYTES: Final = 1024 * 1024  # of rows in an answer
_COUNT: Final = """
    INSERT INTO integrations_resourcehour (resource_id, hour, calls, rows, made, failed)
    VALUES (%(resource)s, date_trunc('hour', %(at)s::timestamptz), 1, %(rows)s, %(made)s, %(failed)s)
    ON CONFLICT (resource_id, hour) DO UPDATE SET calls = integrations_resourcehour.calls + 1,
        rows = integrations_resourcehour.rows + excluded.rows,
        made = integrations_resourcehour.made + excluded.made,
        failed = integrations_resourcehour.failed + excluded.failed
"""


class Caller(NamedTuple):
    """Who asks, for the record: a person's name, and the token by its public part. `reads`: whether they may
    read rows, too."""

    name: str
    token: str = ""
    reads: bool = True


class Listed(NamedTuple):
    """A page of rows as they are told. `after`: where the next one begins; None at the end."""

    rows: list[dict[str, Any]]
    after: list[Any] | None


class Created(NamedTuple):
    """The row as it stands there. `is_new`: this call made it."""

    row: dict[str, Any]
    is_new: bool
    key: str


class OtherRowError(Exception):
    """A row of that key is there already and says something else."""


class UnfitRowError(Exception):
    """A row holds what its published type cannot say, or more than is told at once; the text names it."""


class Opened:
    """A published resource with the database behind it."""

    def __init__(self, resource: Resource) -> None:
        with beyond_limit():
            endpoint = Endpoint.objects.get(pk=resource.endpoint_id)
            _must_answer(endpoint)
            self.client: HasRelations = resources.client_of(endpoint, resource)
        self.resource = resource
        self.definition: Definition = definition.read(resource.definition)
        self.clock = Clock(self.client.zone, frozenset(resource.with_offset))

    def told(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row as callers see it."""
        return self.measured(row)[0]

    def measured(self, row: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        """A row as callers see it, and how many bytes of JSON it is."""
        try:
            said = asking.shown(self.definition, row, self.clock.zone)
        except values.UnfitValueError as error:
            text = f"Row {asking.key_of(self.definition, row)}: {error}"
            raise UnfitRowError(f"{text} Publish the field as string.") from None
        size = len(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        if size > MOST_BYTES:
            key = asking.key_of(self.definition, row)[:60]
            raise UnfitRowError(f"Row {key} has {size:,} bytes; {MOST_BYTES:,} are told at most.")
        return said, size


def _must_answer(endpoint: Endpoint) -> None:
    """Retryable while nothing is asked of the endpoint."""
    if endpoint.state != Endpoint.State.ACTIVE:
        raise Retryable("The system is not asked at the moment.", retry_after=60)
    if resources.has_files(endpoint):
        return  # what was picked up is read, wherever it came from
    state = breaker.from_json(endpoint.breaker.get("state"))
    if state.state == "open":
        left = state.until - clock.now().timestamp() if state.until else 60.0
        if left > 0:
            raise Retryable("The system does not answer.", code="unavailable", retry_after=left)


def published(endpoint_slug: str, *, only_endpoint: int | None = None) -> list[Resource]:
    """The published resources of an endpoint, as far as the row limit shows them; of `only_endpoint` where a
    token works for one."""
    with beyond_limit():
        found = Endpoint.objects.filter(slug=endpoint_slug).first()
    if found is None or not resources.can_have(found) or only_endpoint not in (None, found.pk):
        return []
    return list(Resource.objects.filter(endpoint_id=found.pk, state=Resource.State.PUBLISHED))


def find(endpoint_slug: str, slug: str, *, only_endpoint: int | None = None) -> Resource | None:
    """One of `published`."""
    there = published(endpoint_slug, only_endpoint=only_endpoint)
    return next((one for one in there if one.slug == slug), None)


def list_rows(
    opened: Opened, filters: Mapping[str, str], *, sort: str, after: Sequence[Any] | None, limit: int
) -> Listed:  # fmt: skip
    """One page. AskingError for what is not on offer, RowRefusedError, UnfitRowError."""
    most = min(limit, opened.definition.page_size)
    reading = asking.listing(
        opened.definition, filters, opened.clock, sort=sort, after=after, limit=most + 1
    )
    with _counted(opened) as count:
        rows = opened.client.read_rows(reading)
        told = _page(opened, rows[:most])
        count["rows"] = len(told)
    if len(rows) == len(told):
        return Listed(told, None)
    last = rows[len(told) - 1]
    return Listed(told, [values.mark(last[one.column]) for one in reading.order])


def _page(opened: Opened, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """As many of the first rows as a page may have bytes. One alone is a page, or no row at all."""
    told, whole = [], 0
    for row in rows:
        said, size = opened.measured(row)
        whole += size
        if whole > MOST_BYTES:
            break
        told.append(said)
    return told


def sample(opened: Opened, *, most: int) -> list[dict[str, Any]]:
    """The first rows as callers see them, for people of the house: no call is counted."""
    reading = asking.listing(opened.definition, {}, opened.clock, limit=most)
    return [opened.told(row) for row in opened.client.read_rows(reading)]


def read_row(opened: Opened, key: str) -> dict[str, Any] | None:
    """The row of a key; None where there is none, or it is marked as deleted."""
    reading = asking.one(opened.definition, key, opened.clock)
    with _counted(opened) as count:
        rows = opened.client.read_rows(reading) if reading else []
        count["rows"] = len(rows)
        return opened.told(rows[0]) if rows else None


def create_row(opened: Opened, given: Mapping[str, Any], *, caller: Caller) -> Created:
    """Make the row unless it is there. Asked again it takes no second effect: what is there and says the same
    is the answer. OtherRowError, RowRefusedError, AskingError.

    Who may not read hears what they gave and no more, and of a row that they did not make, that it is there.
    """
    writing = asking.creating(opened.definition, given, opened.clock)
    known_by = values.address([one.value for one in writing.look_up.conditions])
    with transaction.atomic():
        _one_at_a_time(opened.resource, known_by)
        with _counted(opened) as count:
            made = _write(opened, writing, given)
            if not caller.reads:
                made = _unread(opened, made, given, _is_own(opened, caller, known_by))
            count["rows"], count["made"] = int(bool(made.row)), int(made.outcome == Outcome.MADE)
        digest = changes.digest(writing.values)
        _note(opened.resource, caller, known_by, outcome=made.outcome, digest=digest)
    if made.error:
        raise made.error
    return Created(made.row, made.outcome == Outcome.MADE, made.key)


class _Made(NamedTuple):
    outcome: str
    row: dict[str, Any]
    key: str = ""
    error: Exception | None = None


def _write(opened: Opened, writing: Writing, given: Mapping[str, Any]) -> _Made:
    """What came of it; a refusal is one, too, and is kept before it is raised."""
    try:
        written = opened.client.write_row(writing)
    except RowRefusedError as refusal:
        return _Made(Outcome.REFUSED, {}, error=refusal)
    except RowDiffersError as error:
        return _Made(Outcome.OTHER, {}, error=OtherRowError(str(error)))
    told, key = opened.told(written.row), asking.key_of(opened.definition, written.row)
    if written.is_new:
        return _Made(Outcome.MADE, told, key)
    is_gone = asking.is_deleted(written.row)
    if not is_gone and asking.says_the_same(opened.definition, given, told):
        return _Made(Outcome.THERE, told, key)
    text = "It is marked as deleted there." if is_gone else "It is there and says something else."
    return _Made(Outcome.OTHER, {}, error=OtherRowError(text))


def _is_own(opened: Opened, caller: Caller, known_by: str) -> bool:
    """Whether it was this token that had the row made."""
    with beyond_limit():
        made = ResourceRow.objects.filter(
            resource=opened.resource, outcome=Outcome.MADE, token=caller.token[:100],
            key=values.noted(known_by),
        )  # fmt: skip
        return bool(caller.token) and made.exists()


def _unread(opened: Opened, made: _Made, given: Mapping[str, Any], is_own: bool) -> _Made:
    """What came of it, for who may not read rows."""
    is_there = made.outcome == Outcome.OTHER or (made.outcome == Outcome.THERE and not is_own)
    if is_there:
        return _Made(Outcome.OTHER, {}, error=OtherRowError("A row of that key is there."))
    return made._replace(row={name: said for name, said in made.row.items() if name in given})


def _one_at_a_time(resource: Resource, known_by: str) -> None:
    """Nobody else makes this row until the transaction ends."""
    with connection.cursor() as cursor:
        name = f"{current_schema()}/resource/{resource.pk}/{known_by}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 4))", [name])


def _note(resource: Resource, caller: Caller, key: str, *, outcome: str, digest: str) -> None:
    with beyond_limit():
        ResourceRow.objects.create(
            resource=resource, actor=caller.name[:80], token=caller.token[:100], key=values.noted(key),
            outcome=outcome, digest=digest,
        )  # fmt: skip


@contextmanager
def _counted(opened: Opened) -> Iterator[dict[str, int]]:
    """Count a call: how many rows it gave and made, or that it failed."""
    count = {"rows": 0, "made": 0, "failed": 0}
    try:
        yield count
    except (CrossdockError, RowRefusedError, UnfitRowError) as error:
        count["failed"] = 1
        log.warning("resource call failed", resource=opened.resource.pk, error=str(error)[:200])
        raise
    finally:
        with beyond_limit(), connection.cursor() as cursor:
            cursor.execute(_COUNT, {**count, "resource": opened.resource.pk, "at": clock.now()})
