"""What lines are made of: the facts a line bills, what was free, and what the documents behind facts were."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform

from billing.invoices.content import Line
from billing.models import Account, Metric, UsageFact
from billing.queries.measured import Days
from integrations.models import Endpoint, Message, Record
from integrations.queries import volumes
from integrations.queries.volumes import Volume
from integrations.queries.windows import outward
from portal.tenants.current import is_platform

SIZE: Final = 50
_HELD: Final = (Metric.Aggregation.LATEST, Metric.Aggregation.TIME_WEIGHTED)


class Place(NamedTuple):
    """The last fact of a page: the next one begins after it."""

    day: date
    id: int


class Free(NamedTuple):
    """Facts that are never billed: of which kind, why, how many and how much of it."""

    kind: str
    why: str
    times: int
    quantity: Decimal


class Behind(NamedTuple):
    """The document behind a fact: its business number, and the systems that it went between."""

    number: str
    object_type: str
    order_id: UUID | None
    source: str
    target: str
    message_id: UUID | None


def billed(
    account: Account, metric: Metric, line: Line, *, known_by: str, after: Place | None = None
) -> list[UsageFact]:
    """A page of the facts that the metric counted for a line, as the invoice of `known_by` knew them, by
    day; one more than SIZE where there is another page."""
    begins = _held_since(account, metric, line.begins)
    found = _known(account, Days(begins, line.ends), known_by).filter(
        kind__in=metric.kinds, free="", times__gt=0
    )
    for name, wanted in metric.filters.items():
        value = KeyTextTransform(name, "properties")
        found = found.alias(**{f"of_{_safe(name)}": value}).filter(
            **{f"of_{_safe(name)}__in": [str(one) for one in wanted]}
        )
    if after:
        found = found.filter(Q(day__gt=after.day) | Q(day=after.day, pk__gt=after.id))
    return list(found.order_by("day", "pk")[: SIZE + 1])


def _held_since(account: Account, metric: Metric, begins: date) -> date:
    """What holds until it is said otherwise may have been said before."""
    if metric.aggregation not in _HELD:
        return begins
    before = UsageFact.objects.filter(
        account=account, kind__in=metric.kinds, free="", day__lt=begins
    )
    return before.aggregate(last=Max("day"))["last"] or begins


def _safe(name: str) -> str:
    return name.encode().hex()


def _known(account: Account, days: Days, known_by: str) -> QuerySet[UsageFact]:
    """Of every key the highest revision that the invoice of a month knows."""
    found = UsageFact.objects.filter(
        account=account, day__gte=days.begins, day__lt=days.ends, billed_in__lte=known_by
    )
    later = UsageFact.objects.filter(
        account=OuterRef("account"), kind=OuterRef("kind"), key=OuterRef("key"), revision__gt=0
    ).filter(revision__gt=OuterRef("revision"), billed_in__lte=known_by)
    return found.exclude(Exists(later))


def never_billed(account: Account, days: Days, *, known_by: str) -> list[Free]:
    """Facts of these days that are free by themselves, by kind and reason, the most first."""
    found = _known(account, days, known_by).exclude(free="")
    sums = found.values_list("kind", "free").annotate(n=Sum("times"), much=Sum("quantity"))
    return [Free(*row) for row in sums.order_by("-n", "kind", "free")]


def used_by_kind(account: Account, days: Days, *, known_by: str) -> Mapping[str, int]:
    """How many billable facts of each kind there are on these days."""
    found = _known(account, days, known_by).filter(free="", times__gt=0)
    return dict(found.values_list("kind").annotate(n=Sum("times")).order_by("kind"))


def amended(account: Account, days: Days, *, most: int) -> list[UsageFact]:
    """Amendments of what happened on these days, the newest first."""
    found = UsageFact.objects.filter(
        account=account, revision__gt=0, day__gte=days.begins, day__lt=days.ends
    )
    return list(found.order_by("-noted_at", "-pk")[:most])


def before(amendments: Sequence[UsageFact]) -> Mapping[tuple[str, str, int], Decimal]:
    """The quantity of each revision of what was amended."""
    if not amendments:
        return {}
    wanted = Q()
    for one in amendments:
        wanted |= Q(kind=one.kind, key=one.key)
    found = UsageFact.objects.filter(wanted)
    return {(one.kind, one.key, one.revision): one.quantity for one in found}


def moved(account: Account, begins: datetime, ends: datetime) -> Volume:
    """What moved for a customer between two instants, with what is never usage: duplicates, retries,
    replays and what was not new. Nothing on the platform's side, which has sums only."""
    if account.customer_id is None or is_platform():
        return Volume()
    return volumes.total(outward(begins, ends), customer_id=account.customer_id)


def behind(facts: Sequence[UsageFact]) -> dict[int, Behind]:
    """By fact the document it was, as far as it is still there."""
    if is_platform() or not facts:
        return {}
    messages = _messages([one.source for one in facts if one.source])
    records = Record.objects.in_bulk({m["record_id"] for m in messages.values() if m["record_id"]})
    names = _endpoints(facts)
    return {
        one.pk: _behind(one, messages.get(one.source), records, names)
        for one in facts
    }  # fmt: skip


def _messages(ids: Sequence[UUID]) -> dict[Any, Any]:
    fields = ("id", "business_key", "object_type", "record_id")
    return {one["id"]: one for one in Message.objects.filter(pk__in=ids).values(*fields)}


def _endpoints(facts: Sequence[UsageFact]) -> dict[Any, str]:
    wanted = {one.properties.get(name) for one in facts for name in ("endpoint", "source")}
    known = [pk for pk in wanted if isinstance(pk, int)]
    return dict(Endpoint.objects.filter(pk__in=known).values_list("pk", "label"))


def _behind(fact: UsageFact, message: Any, records: Mapping[Any, Record], names: Any) -> Behind:
    record = records.get(message["record_id"]) if message else None
    is_order = record is not None and record.object_type == "order"
    return Behind(
        number=(record.number if record else "") or (message["business_key"] if message else ""),
        object_type=str(fact.properties.get("object_type", "")),
        order_id=(record.pk if is_order else record.order_id) if record else None,
        source=names.get(fact.properties.get("source"), ""),
        target=names.get(fact.properties.get("endpoint"), ""),
        message_id=message["id"] if message else None,
    )
