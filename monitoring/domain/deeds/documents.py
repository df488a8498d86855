"""Deeds done to documents: replayed as they are, edited, sent elsewhere, ended."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from integrations.domain import approval, replay, reroute
from integrations.domain.replay import NotEditableError
from integrations.models import Message
from monitoring import taxonomy
from monitoring.domain.deeds.base import Deed, Doer, NotDoneError, Terms
from monitoring.models import FixItem


class Retry(Deed):
    """No terms: the documents go through again as they are."""

    slug = "retry"


class Edit(Deed):
    """terms {message, payload, encoding, reason}: one document with other bytes."""

    slug = "edit"
    by_another = True

    def refuse(self, doer: Doer, terms: Terms) -> None:
        try:
            replay.must_be_readable(_bytes(terms))
        except NotEditableError as error:
            raise NotDoneError(str(error)) from error

    def hinders(self, fix: Any) -> str:
        item = fix.going.filter(revalued=True).first()
        if item is None or not approval.by_two(fix.case.customer, approval.AMOUNT):
            return ""
        return f"{_worth(item)}: somebody else than {fix.person_name} has to let it go."

    def release(self, doer: Doer, terms: Terms, ids: Sequence[UUID]) -> dict[UUID, str]:
        done = [
            pk for pk in ids
            if replay.edit_and_replay(
                pk, _bytes(terms), actor=doer.name, reason=str(terms["reason"])
            )
        ]  # fmt: skip
        return {pk: "not held any more" for pk in ids if pk not in done}


def _worth(item: FixItem) -> str:
    """How an edit changes what its document is worth."""
    if item.amount is None:
        return "The edit says what the document is worth, which could not be read before"
    was = f"{item.amount:,.2f} {item.currency}"
    if item.becomes is None:
        return f"The edit changes what the document is worth, {was} until now"
    return f"The edit changes the amount from {was} to {item.becomes:,.2f}"


def _bytes(terms: Terms) -> bytes:
    return str(terms["payload"]).encode(str(terms["encoding"]))


class Reroute(Deed):
    """terms {site}: the orders go to another warehouse."""

    slug = "reroute"

    def release(self, doer: Doer, terms: Terms, ids: Sequence[UUID]) -> dict[UUID, str]:
        found = Message.objects.filter(pk__in=ids).values_list("pk", "order_id")
        order_of = dict(found)
        orders = {order for order in order_of.values() if order}
        outcome = reroute.reroute(orders, site=str(terms["site"]), actor=doer.name)
        return {
            pk: outcome.refused.get(order, "it is no order that is known") if order
            else "it is no order that is known"
            for pk, order in order_of.items()
            if order not in set(outcome.sent)
        }  # fmt: skip


class Skip(Deed):
    """terms {reason}: the documents end here; what was only remarked is accepted."""

    slug = "skip"
    ends = True
    by_another = True

    def hinders(self, fix: Any) -> str:
        serious = taxonomy.kind(fix.case.code).skip_needs_approval
        if not serious or not approval.by_two(fix.case.customer, approval.SKIP):
            return ""
        who = f"somebody else than {fix.person_name}"
        return f"What ends without effect here matters: {who} has to let it go."

    def refuse(self, doer: Doer, terms: Terms) -> None:
        if not str(terms["reason"]).strip():
            raise NotDoneError("Say why: it stands in the history of every document.")

    def release(self, doer: Doer, terms: Terms, ids: Sequence[UUID]) -> dict[UUID, str]:
        replay.skip(list(ids), actor=doer.name, reason=str(terms["reason"]))
        return {}
