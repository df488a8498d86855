"""What a partner pays the platform: the same usage at the platform's prices.

A partner's schema tells the public one sums only: how much of what kind on which day, for which customer by
number. Nothing that was in a document leaves the schema. A sum that changes is an amendment, as any usage is.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from django.db import connection, transaction
from django_tenants.utils import get_public_schema_name, schema_context

from billing.domain import accounts, intake
from billing.domain.intake import Event
from billing.models import Account, LegalEntity, UsageFact
from portal.core import clock
from portal.tenants.current import current_schema

# By which properties sums are kept apart, of the kinds that the platform prices.
KEPT: Final[Mapping[str, tuple[str, ...]]] = {
    "document": ("object_type", "latency"),
    "edi_document": ("object_type", "direction"),
    "edi_characters": (),
    "endpoint": ("endpoint",),
    "flow": ("flow", "latency"),
    "storage": (),
    "tier": ("tier",),
    "operator": (),
    "onboarding": (),
    "resource": (),
}
_BATCH: Final = 1000
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sum:
    """What one customer used of one kind on one day."""

    customer: int
    kind: str
    day: date
    properties: Mapping[str, Any]
    times: int
    quantity: Decimal

    def key(self, partner: str) -> str:
        apart = "/".join(str(self.properties.get(name, "")) for name in KEPT[self.kind])
        return f"{partner}/{self.customer}/{apart}/{self.day}"


@transaction.atomic
def tell() -> int:
    """Tell the platform what changed since the last time; returns how many sums are new or amended."""
    partner = current_schema()
    entity = accounts.entity()
    entity = LegalEntity.objects.select_for_update().get(pk=entity.pk)
    last = UsageFact.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    touched = _touched(entity.told_from)
    told = _tell(partner, _customers(touched), _sums(touched)) if touched else 0
    # What was being written meanwhile has a lower number: the next time begins where this one did.
    entity.told_from, entity.told_to = entity.told_to, last
    entity.save(update_fields=["told_from", "told_to"])
    return told


def _touched(after: int) -> list[tuple[int, date]]:
    """Accounts and days of the facts that are newer, and of what they amend."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT account_id, day FROM billing_usagefact
            WHERE id > %(after)s AND customer_id IS NOT NULL AND kind = ANY(%(kinds)s)
            UNION
            SELECT o.account_id, o.day FROM billing_usagefact a
            JOIN billing_usagefact o ON o.kind = a.kind AND o.key = a.key AND o.revision < a.revision
            WHERE a.id > %(after)s AND a.revision > 0 AND a.kind = ANY(%(kinds)s)
            """,
            {"after": after, "kinds": list(KEPT)},
        )
        return list(cursor.fetchall())


def _customers(touched: Sequence[tuple[int, date]]) -> list[tuple[int, date]]:
    """By the customers' numbers instead of their accounts'."""
    of = dict(Account.objects.values_list("pk", "customer_id"))
    return [(pk, day) for account, day in touched if (pk := of.get(account)) is not None]


def _sums(days: Sequence[tuple[int, date]]) -> list[Sum]:
    """Of these days as they are now: only what is billable, of every key the highest revision."""
    if not days:
        return []
    columns = [list(column) for column in zip(*days, strict=True)]
    kept = json.dumps({kind: list(names) for kind, names in KEPT.items()})
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT f.customer_id, f.kind, f.day,
                (SELECT coalesce(jsonb_object_agg(name, f.properties->name), '{}')
                    FROM jsonb_array_elements_text(%(kept)s::jsonb->f.kind) AS name)::text AS apart,
                sum(f.times) FILTER (WHERE f.free = ''), sum(f.quantity) FILTER (WHERE f.free = '')
            FROM unnest(%(accounts)s::bigint[], %(days)s::date[]) AS at(account_id, day)
            JOIN billing_usagefact f USING (account_id, day)
            WHERE f.kind = ANY(%(kinds)s) AND f.customer_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM billing_usagefact a WHERE a.account_id = f.account_id AND a.revision > 0
                AND a.kind = f.kind AND a.key = f.key AND a.revision > f.revision)
            GROUP BY 1, 2, 3, 4
            """,
            {"kept": kept, "accounts": columns[0], "days": columns[1], "kinds": list(KEPT)},
        )
        return [
            Sum(customer, kind, day, json.loads(apart), int(times or 0), quantity or Decimal(0))
            for customer, kind, day, apart, times, quantity in cursor.fetchall()
        ]


def _tell(partner: str, touched: Sequence[tuple[int, date]], sums: Sequence[Sum]) -> int:
    with schema_context(get_public_schema_name()):
        account = accounts.of_schema(partner)
        known = _known(account, touched)
        events = [*_changes(partner, account, sums, known)]
        told = [intake.note(events[at : at + _BATCH]) for at in range(0, len(events), _BATCH)]
        for one in (refusal for noted in told for refusal in noted.refused):
            log.error("usage could not be told", partner=partner, why=one.text)
        return sum(one.added for one in told)


def _known(
    account: Account, touched: Sequence[tuple[int, date]]
) -> dict[tuple[str, str], UsageFact]:
    """What was told of these customers' days last, by kind and key."""
    pairs = set(touched)
    found = UsageFact.objects.filter(account=account, day__in={day for _, day in pairs})
    return {
        (fact.kind, fact.key): fact
        for fact in found.order_by("revision")
        if (fact.properties.get("customer"), fact.day) in pairs
    }


def _changes(
    partner: str, account: Account, sums: Iterable[Sum], known: Mapping[tuple[str, str], UsageFact]
) -> Iterable[Event]:
    """Sums that are new or another, and those of which nothing is left."""
    left = dict(known)
    for one in sums:
        before = left.pop((one.kind, one.key(partner)), None)
        if before is None and not one.times:
            continue
        if before and (before.times, before.quantity) == (one.times, one.quantity):
            continue
        about = {**one.properties, "customer": one.customer}
        yield _event(account, one.kind, one.key(partner), one.day, before)(
            quantity=one.quantity, times=one.times, properties=about
        )
    for (kind, key), before in left.items():
        if before.times:
            yield _event(account, kind, key, before.day, before)(
                quantity=Decimal(0), times=0, properties=before.properties
            )


def _event(
    account: Account, kind: str, key: str, day: date, before: UsageFact | None
) -> Callable[..., Event]:
    """Of its day whatever the clock of the platform says: noon, or now while that is to come."""
    noon = datetime.combine(day, time(12), ZoneInfo(account.time_zone))
    return partial(
        Event, account.pk, kind, key, min(noon, clock.now()), day=day,
        revision=before.revision + 1 if before else 0, reason="More is known" if before else "",
    )  # fmt: skip
