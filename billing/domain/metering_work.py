"""What was done becomes usage: time on cases, endpoints brought to life, and calls of resources."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction

from billing.domain import accounts, intake
from billing.domain.intake import Event
from integrations.models import OnboardingRun
from monitoring import taxonomy
from monitoring.models import ExceptionCase
from portal.core import clock
from portal.core.money import round_to

OPERATOR, ONBOARDING, RESOURCE = "operator", "onboarding", "resource"
OURS: Final = "our own fault"
LOOKS_BACK: Final = timedelta(days=40)
Origin = ExceptionCase.Origin
_OWN_ORIGINS: Final = (*ExceptionCase.OWN, Origin.BOOKS)
_SIXTY: Final = Decimal(60)

_LEASES: Final = """
    SELECT l.id, c.customer_id, c.number, c.code, c.origin, l.ended_at,
        greatest(extract(epoch FROM l.ended_at - l.began_at), 0)
    FROM monitoring_lease l JOIN monitoring_exceptioncase c ON c.number = l.case_id
    WHERE l.ended_at > %s AND NOT EXISTS (SELECT FROM billing_usagefact f
        WHERE f.kind = %s AND f.key = l.id::text AND f.revision = 0)
    ORDER BY l.id LIMIT 500
"""
# An hour is noted once nothing is counted into it any more. What failed is never usage.
_CALLS: Final = """
    SELECT h.id, r.customer_id, r.endpoint_id, r.slug, h.hour, h.calls - h.failed
    FROM integrations_resourcehour h JOIN integrations_resource r ON r.id = h.resource_id
    WHERE h.hour > %s AND h.hour < %s AND h.calls > h.failed AND NOT EXISTS (SELECT FROM billing_usagefact f
        WHERE f.kind = %s AND f.key = h.id::text AND f.revision = 0)
    ORDER BY h.id LIMIT 500
"""
_OVER: Final = timedelta(minutes=65)


@transaction.atomic
def meter() -> int:
    """Note leases that ended, endpoints that went live and hours in which resources were called; returns how
    many facts are new."""
    rows = [*_leases(), *_onboardings(), *_calls()]
    known = accounts.of_customers({customer for customer, _ in rows})
    events = [Event(known[customer].pk, **fields) for customer, fields in rows]
    return intake.note(events, first_counts=True).added if events else 0


def _leases() -> list[tuple[int, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(_LEASES, [clock.now() - LOOKS_BACK, OPERATOR])
        return [_lease(row) for row in cursor.fetchall()]


def _lease(row: Sequence[Any]) -> tuple[int, dict[str, Any]]:
    """Minutes on a case. Cases about ourselves are ours to pay."""
    pk, customer, number, code, origin, ended, seconds = row
    is_ours = origin in _OWN_ORIGINS or taxonomy.kind(code).category == "platform"
    return customer, {
        "kind": OPERATOR, "key": str(pk), "happened_at": ended,
        "quantity": round_to(seconds / _SIXTY, 4), "properties": {"case": number, "code": code},
        "free": OURS if is_ours else "",
    }  # fmt: skip


def _calls() -> list[tuple[int, dict[str, Any]]]:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_CALLS, [now - LOOKS_BACK, now - _OVER, RESOURCE])
        return [
            (
                customer,
                {
                    "kind": RESOURCE, "key": str(pk), "happened_at": hour,
                    "quantity": Decimal(calls), "times": calls,
                    "properties": {"endpoint": endpoint, "resource": slug},
                },
            )
            for pk, customer, endpoint, slug, hour, calls in cursor.fetchall()
        ]  # fmt: skip


def _onboardings() -> list[tuple[int, dict[str, Any]]]:
    recent = OnboardingRun.objects.filter(live_at__gt=clock.now() - LOOKS_BACK)
    return [
        (
            run.customer_id,
            {
                "kind": ONBOARDING, "key": str(run.pk), "happened_at": run.live_at,
                "properties": {"endpoint": run.endpoint_id, "connector": run.connector},
            },
        )
        for run in recent
    ]  # fmt: skip
