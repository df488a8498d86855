"""The documents of a case: what it holds, what waits for its endpoint, or what was done to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from integrations.models import Message, Problem, Record
from monitoring.models import CaseCause, CaseEvent, ExceptionCase

SIZE = 100
Worth = tuple[Decimal | None, str]
_SLIM = ("order__body", "order__content_hash", "order__numbers")


@dataclass(frozen=True)
class Document:
    """One message of a case, with the amount it is worth where that is known."""

    message: Message
    amount: Decimal | None
    currency: str

    @property
    def number(self) -> str:
        """The number people know it by; a document nobody could read has only our own."""
        if self.message.order:
            return self.message.order.number
        key = self.message.business_key.rpartition("/")[2]
        return key or str(self.message.pk)[:13]


class Page(NamedTuple):
    """Documents, oldest first. `older` and `newer` are the places where the next pages begin."""

    rows: list[Document]
    older: UUID | None
    newer: UUID | None


class Summary(NamedTuple):
    """How many documents a case holds, and what kind they are. `up_to` freezes the list."""

    held_in: int
    held_out: int
    remarks: int
    remarks_out: int
    orders: int
    up_to: int
    first: Any
    last: Any

    @property
    def held(self) -> int:
        return self.held_in + self.held_out

    @property
    def documents(self) -> int:
        return self.held + self.remarks


def summary(case: ExceptionCase) -> Summary:
    """One query over the open problems of the case."""
    held = Q(message__state="held")
    counts = _open(case).aggregate(
        held_in=Count("message_id", distinct=True, filter=held & Q(message__direction="in")),
        held_out=Count("message_id", distinct=True, filter=held & Q(message__direction="out")),
        remarks=Count("message_id", distinct=True, filter=~held),
        remarks_out=Count("message_id", distinct=True, filter=~held & Q(message__direction="out")),
        orders=Count("message__order_id", distinct=True, filter=Q(message__object_type="order")),
        up_to=Max("pk"),
        first=Min("opened_at"),
        last=Max("opened_at"),
    )
    return Summary(**{**counts, "up_to": counts["up_to"] or 0})


def causes(case: ExceptionCase) -> Any:
    """The fingerprints the case answers for."""
    return CaseCause.objects.filter(case=case).values("fingerprint")


def _open(case: ExceptionCase) -> Any:
    return Problem.objects.filter(fingerprint__in=causes(case), closed_at=None)


def page(case: ExceptionCase, *, before: UUID | None = None, after: UUID | None = None) -> Page:
    """One page of the case's documents: held now, else waiting at its endpoint, else worked on."""
    if case.is_of_endpoint:
        waiting = Message.objects.filter(
            endpoint_id=case.endpoint_id, direction="out", state__in=("waiting", "sending")
        )
        return _page(waiting if case.is_open else waiting.none(), before=before, after=after)
    ids = _open(case).values("message_id") if case.is_open else sorted(worked_on(case))
    found = _page(Message.objects.filter(pk__in=ids), before=before, after=after)
    return found._replace(rows=_with_amounts(found.rows))


def worked_on(case: ExceptionCase) -> set[UUID]:
    """Every document a person did something to in this case."""
    lists = CaseEvent.objects.filter(case=case).exclude(messages=[])
    return {pk for ids in lists.values_list("messages", flat=True) for pk in ids}


def _page(messages: Any, *, before: UUID | None, after: UUID | None) -> Page:
    found = messages.select_related("order").defer(*_SLIM)
    if before is not None:
        rows = [_document(m) for m in found.filter(pk__lt=before).order_by("-pk")[: SIZE + 1]]
        shown = rows[:SIZE][::-1]
        return Page(
            shown,
            shown[-1].message.pk if shown else None,
            shown[0].message.pk if len(rows) > SIZE else None,
        )
    if after is not None:
        found = found.filter(pk__gt=after)
    rows = [_document(m) for m in found.order_by("pk")[: SIZE + 1]]
    shown = rows[:SIZE]
    return Page(
        shown,
        shown[-1].message.pk if len(rows) > SIZE else None,
        shown[0].message.pk if after is not None and shown else None,
    )


def _document(message: Message) -> Document:
    if message.order:
        return Document(message, message.order.amount, message.order.currency)
    return Document(message, None, "")


def _with_amounts(rows: Iterable[Document]) -> list[Document]:
    """What went on is worth what the hub has of it; what never reached it, what its problem says."""
    found = list(rows)
    went = [d.message for d in found if d.message.state not in ("held", "received")]
    worth = _told_by_problems([d.message.pk for d in found]) | _known_to_hub(went)
    return [Document(d.message, *worth.get(d.message.pk, (d.amount, d.currency))) for d in found]


def _told_by_problems(message_ids: Sequence[UUID]) -> dict[UUID, Worth]:
    """The last one says what a document is worth now."""
    told = Problem.objects.filter(message_id__in=message_ids, amount__isnull=False).order_by("pk")
    return {row[0]: row[1:] for row in told.values_list("message_id", "amount", "currency")}


def _known_to_hub(messages: Sequence[Message]) -> dict[UUID, Worth]:
    ids = {message.record_id for message in messages if message.record_id}
    known = Record.objects.filter(pk__in=ids, amount__isnull=False)
    worth = {row[0]: row[1:] for row in known.values_list("pk", "amount", "currency")}
    return {m.pk: worth[m.record_id] for m in messages if m.record_id in worth}


def document(case: ExceptionCase, message_id: UUID) -> Document | None:
    """One document, if it belongs to the case."""
    found = (
        Message.objects.filter(pk=message_id)
        .select_related("order", "endpoint")
        .defer(*_SLIM)
        .first()
    )
    if found is None or not _belongs(case, found):
        return None
    return _with_amounts([_document(found)])[0]


def _belongs(case: ExceptionCase, message: Message) -> bool:
    if case.is_of_endpoint:
        return message.endpoint_id == case.endpoint_id
    return Problem.objects.filter(message=message, fingerprint__in=causes(case)).exists()


def value_in(case: ExceptionCase, message: Message) -> str | None:
    """The value for which the case holds a document; None where it does not hold it."""
    found = _open(case).filter(message=message).values_list("pk", "value")
    return min(found)[1] if found else None


def problems(message: Message) -> list[Problem]:
    """What is wrong with a document now; of one that went on, what was."""
    found = list(Problem.objects.filter(message=message).order_by("pk")[:200])
    return [p for p in found if p.closed_at is None] or found
