"""The orders of a month that were held and let go by a fix, with when it would have been too late."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min

from integrations.models import Message, Problem
from monitoring.models import FixItem
from monitoring.statements.content import Period
from monitoring.statements.saving import Save


def of_month(customer_id: int, period: Period, *, as_of: datetime) -> tuple[Save, ...]:
    """One for each order with a cut-off that a fix let go in the month: its last release."""
    items = _items(customer_id, period, as_of)
    messages = Message.objects.filter(pk__in={item.message_id for item in items})
    orders = {
        message.pk: message
        for message in messages.filter(object_type="order")
        .select_related("order")
        .only("business_key", "object_type", "order__number")
    }
    opened = _opened(orders)
    last = {_identity(orders[one.message_id]): one for one in items if one.message_id in orders}
    saves = [_save(orders[one.message_id], one, opened[one.message_id]) for one in last.values()]
    return tuple(sorted(saves, key=lambda save: (save.number, save.evidence)))


def _items(customer_id: int, period: Period, as_of: datetime) -> Sequence[FixItem]:
    return list(
        FixItem.objects.filter(
            fix__case__customer_id=customer_id,
            outcome=FixItem.Outcome.PASSED,
            cutoff_at__isnull=False,
            released_at__gte=period.begins,
            released_at__lt=min(period.ends, as_of),
        )
        .select_related("fix")
        .order_by("released_at", "id")
    )


def _opened(messages: Iterable[UUID]) -> dict[UUID, datetime]:
    """When a problem was first found with each."""
    found = Problem.objects.filter(message__in=list(messages)).values("message_id")
    return dict(found.annotate(at=Min("opened_at")).values_list("message_id", "at"))


def _identity(message: Message) -> object:
    """The order: numbers of two shops may be alike."""
    return message.order_id or message.business_key


def _number(message: Message) -> str:
    if message.order:
        return message.order.number
    return message.business_key.rpartition("/")[2] or str(message.pk)


def _save(message: Message, item: Any, opened_at: datetime) -> Save:
    return Save(
        number=_number(message),
        amount=item.worth,
        currency=item.currency,
        opened_at=opened_at,
        released_at=item.released_at,
        cutoff_at=item.cutoff_at,
        case=f"C-{item.fix.case_id}",
        by_rule=item.fix.rule_id is not None,
        evidence=f"{item.fix_id}/{item.position}",
    )
