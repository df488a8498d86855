"""Counting how a partner does. Runs in the partner's schema and tells the public one numbers only."""

import hmac
from collections import Counter
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Max, Min, Q

from integrations.canonical.schema import OBJECT_TYPES
from integrations.connectors import registry
from integrations.queries import backlog
from monitoring import taxonomy
from monitoring.models import ExceptionCase, ObjectiveWindow, Uptime
from portal.console.fingerprints import Shape, fingerprint, known
from portal.console.models import Failure, Pulse
from portal.core import clock
from portal.customers.models import Customer
from portal.tenants.current import current_schema
from portal.tenants.models import Partner

LANE: Final = "fleet"
KEPT_DAYS: Final = 30
_DAY: Final = timedelta(hours=24)
_BITE: Final = 20_000  # problems
_PROBLEMS: Final = """
    SELECT p.id, p.opened_at, p.code, e.connector, coalesce(m.object_type, ''), p.path
    FROM integrations_problem p JOIN integrations_endpoint e ON e.id = p.endpoint_id
    LEFT JOIN integrations_message m ON m.id = p.message_id
    WHERE p.id > %s AND p.opened_at > %s ORDER BY p.id LIMIT %s
"""
_ADD: Final = """
    INSERT INTO public.console_failure AS f
        (partner_id, day, fingerprint, code, connector, object_type, times, last_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (partner_id, day, fingerprint) DO UPDATE
        SET times = f.times + excluded.times, last_at = greatest(f.last_at, excluded.last_at)
"""


@transaction.atomic
def take() -> Pulse:
    """Count everything of the partner of this schema anew, and what failed since the last time."""
    partner = Partner.objects.get(schema_name=current_schema())
    pulse, _ = Pulse.objects.get_or_create(partner=partner, defaults={"at": clock.now()})
    looked_to = _count_failures(partner, after=pulse.looked_to)
    Pulse.objects.filter(pk=pulse.pk).update(at=clock.now(), looked_to=looked_to, **_figures())
    pulse.refresh_from_db()
    return pulse


def _figures() -> dict[str, Any]:
    now, schema = clock.now(), [current_schema()]
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    moved = next(backlog.moved(schema, since=midnight))
    refused = sum(one.number for one in backlog.refusals(schema, since=now - _DAY))
    return {
        "received_today": moved.received,
        "sent_today": moved.sent,
        **_open_messages(schema),
        **_cases(),
        **_promises(now),
        "door_refused": refused,
        "endpoints_down": backlog.endpoints_down(schema).get(schema[0], 0),
        "customers": Customer.objects.count(),
        "beat_at": Uptime.objects.aggregate(last=Max("last_at"))["last"],
    }


def _open_messages(schema: list[str]) -> dict[str, Any]:
    found = list(backlog.open_messages(schema))
    waiting = [one for one in found if one.state != "held"]
    return {
        "held": sum(one.number for one in found if one.state == "held"),
        "waiting": sum(one.number for one in waiting),
        "oldest_waiting_at": min((one.oldest for one in waiting), default=None),
    }


def _cases() -> dict[str, Any]:
    return ExceptionCase.objects.filter(closed_at=None).aggregate(
        open_cases=Count("pk"),
        severe_cases=Count("pk", filter=Q(severity=1)),
        oldest_case_at=Min("opened_at"),
        burning=Count("pk", filter=Q(origin=ExceptionCase.Origin.BUDGET)),
    )


def _promises(now: datetime) -> dict[str, int]:
    running = ObjectiveWindow.objects.filter(
        begins__lte=now, ends__gt=now, objective__promised=True
    )
    return {"missed": running.filter(share__gte=1).count()}


def _count_failures(partner: Partner, *, after: int) -> int:
    """Add the problems after `after` to the counts of their days; returns the last that was counted."""
    times: Counter[tuple[date, Shape]] = Counter()
    last_at: dict[tuple[date, Shape], datetime] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PROBLEMS, [after, clock.now() - timedelta(days=KEPT_DAYS), _BITE])
        for pk, at, code, connector, object_type, path in cursor.fetchall():
            after = pk
            of_day = (at.date(), Shape(*_ours(code, connector, object_type), path))
            times[of_day] += 1
            last_at[of_day] = max(at, last_at.get(of_day, at))
        salt = _salt()
        rows = [
            (
                partner.pk,
                day,
                fingerprint(shape, salt=salt),
                *shape[:3],
                number,
                last_at[day, shape],
            )
            for (day, shape), number in times.items()
        ]
        if rows:
            cursor.executemany(_ADD, rows)
    oldest = clock.now().date() - timedelta(days=KEPT_DAYS)
    Failure.objects.filter(partner=partner, day__lt=oldest).delete()
    return after


def _ours(code: str, connector: str, object_type: str) -> tuple[str, str, str]:
    """Only words of our own lists."""
    return (
        known(code, taxonomy.KINDS),
        known(connector, registry.SLUGS),
        known(object_type, OBJECT_TYPES),
    )


def _salt() -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), b"console.failures", sha256).digest()
