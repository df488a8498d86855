"""What we sent and a partner has not acknowledged in its time: a remark on each of these documents.

The document stays delivered. Its acknowledgement, whenever it comes, closes the problem (`acknowledge`).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from integrations.canonical.problem import Problem
from integrations.connectors import registry
from integrations.domain import configuration, cutoffs, problems
from integrations.domain.problems import Trouble
from integrations.models import Endpoint
from portal.core import clock

BITE = 500
_CODE = "ack_missing"
LONGEST = 24 * 365.0  # hours; no partner answers later than that


class _Silent(NamedTuple):
    """A document that waits for its acknowledgement."""

    id: UUID
    object_type: str
    sent_at: datetime
    number: str


def find() -> int:
    """Open a problem for each document whose acknowledgement is overdue, at most 500 per endpoint.

    Returns how many. One that was told of is not told of again, even when a person has closed the
    problem, unless the document was sent once more since.
    """
    return sum(_find_at(endpoint) for endpoint in _acknowledging())


def answers(endpoint: Endpoint) -> bool:
    """Whether it is expected to acknowledge what it gets."""
    return hours_of(endpoint) > 0


def tell(endpoint: Endpoint, *, sent_before: datetime) -> int:
    """Open the problems of what was sent to one endpoint before an instant, without waiting for its time:
    somebody knows that nothing will come. Returns how many, at most 500."""
    if not answers(endpoint):
        return 0
    return _tell(endpoint, sent_before)


def fingerprint(endpoint_id: int, object_type: str) -> UUID:
    """The cause "this endpoint does not acknowledge documents of this type"."""
    return problems.fingerprint(endpoint_id, object_type, Problem(_CODE, "", "", ""))


def _acknowledging() -> list[Endpoint]:
    """The endpoints that answer files of ours with acknowledgements."""
    slugs = [one.slug for one in registry.everyone() if "envelope" in one.manifest.capabilities]
    return list(Endpoint.objects.filter(connector__in=slugs).order_by("pk"))


def _find_at(endpoint: Endpoint) -> int:
    hours = hours_of(endpoint)
    if hours <= 0:
        _expect_nothing(endpoint)
        return 0
    return _tell(endpoint, clock.now() - timedelta(hours=min(hours, LONGEST)))


@transaction.atomic
def _tell(endpoint: Endpoint, sent_before: datetime) -> int:
    silent = _silent(endpoint.pk, before=sent_before)
    if silent:
        problems.open_problems(_troubles(endpoint, silent))
    return len(silent)


def _expect_nothing(endpoint: Endpoint) -> None:
    """What was overdue is not, since the partner is not expected to answer any more."""
    with transaction.atomic():
        cause = f"{endpoint.label} is not expected to acknowledge"
        problems.close_all(_CODE, endpoint_id=endpoint.pk, cause=cause)


def hours_of(endpoint: Endpoint) -> float:
    """How long the partner may take; 0 where none is expected to answer."""
    declared: dict[str, Any] = {
        s.name: s.default for s in registry.get(endpoint.connector).settings
    }
    return float({**declared, **endpoint.settings}.get("ack_hours") or 0)


def _silent(endpoint_id: int, *, before: datetime) -> list[_Silent]:
    """Locked, so that an acknowledgement that comes now finds the problem, or we find the document
    confirmed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.id, m.object_type, m.updated_at, coalesce(r.number, m.business_key)
            FROM integrations_message m LEFT JOIN integrations_record r ON r.id = m.record_id
            WHERE m.endpoint_id = %s AND m.direction = 'out' AND m.state = 'delivered'
            AND m.interchange_id IS NOT NULL AND m.updated_at < %s
            AND NOT EXISTS (SELECT 1 FROM integrations_problem p WHERE p.message_id = m.id
                AND p.code = %s AND p.opened_at >= m.updated_at)
            ORDER BY m.updated_at LIMIT %s FOR UPDATE OF m SKIP LOCKED
            """,
            [endpoint_id, before, _CODE, BITE],
        )
        return [_Silent(*row) for row in cursor.fetchall()]


def _troubles(endpoint: Endpoint, silent: Sequence[_Silent]) -> Iterator[Trouble]:
    config = configuration.of(endpoint.customer_id)
    late = cutoffs.of_sent(config, [one.id for one in silent])
    for one in silent:
        found = [Problem(_CODE, "", one.number, _text(endpoint.label, one, config.zone))]
        yield Trouble(
            one.id, endpoint.customer_id, endpoint.pk, one.object_type, found,
            cutoff=late.get(one.id),
        )  # fmt: skip


def _text(label: str, one: _Silent, zone: str) -> str:
    at = one.sent_at.astimezone(ZoneInfo(zone))
    noun = one.object_type.replace("_", " ")
    return f"{label} has not acknowledged {noun} {one.number}, sent {at.day} {at:%b %H:%M}"
