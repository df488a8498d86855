"""Usage comes in: each event is noted once, for unlimited time, whoever sends it how often.

An event that comes late goes into its own month while that is open. Afterwards it still belongs to its
month, but the first open one is the first whose invoice knows it, and bills the difference. Whoever makes an
invoice final holds the account's row alone (`domain.final`); here it is shared, so that no fact falls
between two invoices.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from billing.models import Account
from billing.plans.month import month, month_of, months_back
from portal.core import clock
from portal.core.cursors import binary_cursor

AHEAD: Final = timedelta(minutes=5)  # clocks differ
_MOST: Final = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was used. (`kind`, `key`, `revision`) is what it is known by; `times` how many events
    it stands for. `free` says why it is never billed, `reason` why it is amended."""

    account: int
    kind: str
    key: str
    happened_at: datetime
    quantity: Decimal = Decimal(1)
    times: int = 1
    properties: Mapping[str, Any] = field(default_factory=dict)
    free: str = ""
    source: UUID | None = None
    revision: int = 0
    reason: str = ""
    day: date | None = None

    @property
    def id(self) -> tuple[str, str, int]:
        return self.kind, self.key, self.revision


class Refusal(NamedTuple):
    """Which event of the batch, and why it was not noted."""

    at: int
    text: str


class Noted(NamedTuple):
    """What became of a batch. `late`: of `added`, those whose month was closed."""

    added: int
    duplicates: int
    late: int
    refused: tuple[Refusal, ...] = ()


class _Ready(NamedTuple):
    """An event with its day and the first month whose invoice knows it."""

    at: int
    event: Event
    customer_id: int | None
    day: date
    billed_in: str


@transaction.atomic
def note(events: Sequence[Event], *, first_counts: bool = False) -> Noted:
    """Note what is new of a batch, and say what became of the rest.

    The same event again is no news. Under a known key anything else is refused, as are events of the future
    and of months that take none any more; of an event of our own (`first_counts`) the first one stays.
    """
    accounts = _share({event.account for event in events})
    ready: list[_Ready] = []
    refused: list[Refusal] = []
    seen: dict[tuple[str, str, int], Event] = {}
    for at, event in enumerate(events):
        account = accounts.get(event.account)
        if text := _objection(event, account):
            refused.append(Refusal(at, text))
        elif event.id in seen:
            if seen[event.id] != event and not first_counts:
                refused.append(Refusal(at, _other(event)))
        else:
            assert account is not None
            seen[event.id] = event
            ready.append(_ready(at, event, account))
    new = _insert([one for one in ready if not one.event.revision])
    amending, unfit = _amending([one for one in ready if one.event.revision])
    new |= _insert(amending)
    refused += unfit
    ready = [one for one in ready if not one.event.revision] + amending
    known = [one for one in ready if one.event.id not in new]
    refused += [] if first_counts else _differing(known)
    late = sum(one.billed_in > month_of(one.day).key for one in ready if one.event.id in new)
    duplicates = len(events) - len(new) - len(refused)
    return Noted(len(new), duplicates, late, tuple(sorted(refused)))


def _share(accounts: set[int]) -> dict[int, Account]:
    """The accounts, none of which gets a final invoice until this transaction ends."""
    found = Account.objects.raw(
        "SELECT a.*, e.late_months FROM billing_account a JOIN billing_legalentity e ON e.id = a.entity_id"
        " WHERE a.id = ANY(%s) ORDER BY a.id FOR KEY SHARE OF a",
        [sorted(accounts)],
    )
    return {account.pk: account for account in found}


def _objection(event: Event, account: Any) -> str:
    if account is None:
        return "There is no such account."
    if not event.kind or not event.key:
        return "An event has a kind and a key that is its own."
    if event.quantity < 0 or event.times < 0:
        return (
            f"The quantity is {event.quantity}; nobody uses less than nothing. Send an amendment."
        )
    if event.quantity >= _MOST:
        return "The quantity has more than 12 digits."
    if event.happened_at > clock.now() + AHEAD:
        return f"It is to happen on {event.happened_at:%Y-%m-%d %H:%M %Z}: only what happened is counted."
    earliest = months_back(month(account.open_from), account.late_months)
    if _day(event, account) < earliest.begins:
        return (
            f"{_day(event, account):%B %Y} is closed: usage is taken up to {account.late_months}"
            " months late. Bill it as a one-off."
        )
    return ""


def _day(event: Event, account: Account) -> date:
    """By the account's clock, unless the event says of which day it is the sum."""
    return event.day or event.happened_at.astimezone(ZoneInfo(account.time_zone)).date()


def _ready(at: int, event: Event, account: Account) -> _Ready:
    day = _day(event, account)
    return _Ready(at, event, account.customer_id, day, max(month_of(day).key, account.open_from))


def _insert(ready: Sequence[_Ready]) -> set[tuple[str, str, int]]:
    """The ids of those that were not there yet."""
    if not ready:
        return set()
    rows = [
        (
            e.account, one.customer_id, e.kind, e.key, e.revision, e.happened_at, one.day, one.billed_in,
            e.quantity, e.times, json.dumps(dict(e.properties)), e.free, e.source, e.reason,
        )
        for one in ready
        for e in [one.event]
    ]  # fmt: skip
    columns = [list(column) for column in zip(*rows, strict=True)]
    with binary_cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO billing_usagefact (account_id, customer_id, kind, key, revision, happened_at, day,
                billed_in, quantity, times, properties, free, source, reason)
            SELECT account, customer, kind, key, revision, at, day, billed_in, quantity, times,
                properties::jsonb, free, source, reason
            FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::int[], %s::timestamptz[],
                %s::date[], %s::text[], %s::numeric[], %s::int[], %s::text[], %s::text[], %s::uuid[],
                %s::text[]) AS new(account, customer, kind, key, revision, at, day, billed_in, quantity,
                times, properties, free, source, reason)
            ORDER BY kind, key, revision
            ON CONFLICT (kind, key, revision) DO NOTHING RETURNING kind, key, revision
            """,
            columns,
        )
        return {(kind, key, revision) for kind, key, revision in cursor.fetchall()}


def _amending(ready: Sequence[_Ready]) -> tuple[list[_Ready], list[Refusal]]:
    """The amendments of events that there are, and why others are none: one stays in the account and month of
    what it amends, so that its invoice finds both."""
    if not ready:
        return [], []
    ids = [list(column) for column in zip(*(one.event.id[:2] for one in ready), strict=True)]
    with binary_cursor() as cursor:
        cursor.execute(
            """
            SELECT f.kind, f.key, f.account_id, f.day FROM unnest(%s::text[], %s::text[]) AS had(kind, key)
            JOIN billing_usagefact f USING (kind, key) WHERE f.revision = 0
            """,
            ids,
        )
        first = {(kind, key): (account, day) for kind, key, account, day in cursor.fetchall()}
    found, unfit = [], []
    for one in ready:
        account, day = first.get(one.event.id[:2], (None, None))
        if account is None:
            unfit.append(
                Refusal(one.at, f"There is nothing to amend under the key {one.event.key}.")
            )
        elif account != one.event.account or month_of(day) != month_of(one.day):
            text = "An amendment stays in its account and month: withdraw it with 0, send another."
            unfit.append(Refusal(one.at, text))
        else:
            found.append(one)
    return found, unfit


def _differing(known: Sequence[_Ready]) -> list[Refusal]:
    """Those that are not what is noted under their key."""
    if not known:
        return []
    ids = [list(column) for column in zip(*(one.event.id for one in known), strict=True)]
    with binary_cursor() as cursor:
        cursor.execute(
            """
            SELECT f.kind, f.key, f.revision, f.account_id, f.happened_at, f.quantity, f.times,
                f.properties::text
            FROM unnest(%s::text[], %s::text[], %s::int[]) AS had(kind, key, revision)
            JOIN billing_usagefact f USING (kind, key, revision)
            """,
            ids,
        )
        stored = {tuple(row[:3]): (*row[3:7], json.loads(row[7])) for row in cursor.fetchall()}
    return [
        Refusal(one.at, _other(one.event))
        for one in known
        if stored[one.event.id] != _said(one.event)
    ]


def _said(event: Event) -> tuple[Any, ...]:
    return (event.account, event.happened_at, event.quantity, event.times, dict(event.properties))


def _other(event: Event) -> str:
    return f"The key {event.key} was used for another event. What changed is sent as its next revision."
