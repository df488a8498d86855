"""Shipping notices to trading partners: from when a shipment was known until its notice was accepted."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from integrations.models import Endpoint, Message
from monitoring.models import Leg


def legs(told: Sequence[Leg]) -> list[Leg]:
    """Of legs of shipments to be told, those to trading partners, ended by the acknowledgement of the
    notice and not by its being sent. One that never was acknowledged is still awaited."""
    partners = set(
        Endpoint.objects.filter(
            pk__in={leg.endpoint_id for leg in told}, connector__in=("edi", "x12"), site=""
        ).values_list("pk", flat=True)
    )
    found = [leg for leg in told if leg.endpoint_id in partners]
    accepted = _accepted(found)
    for leg in found:
        last = accepted.get((leg.subject, leg.endpoint_id))
        leg.ended_at = last.ended_at if last else None
        if leg.outcome == Leg.Outcome.DONE and last is None:
            leg.outcome = Leg.Outcome.OPEN
    return found


def _accepted(told: Iterable[Leg]) -> dict[tuple[UUID, int], Leg]:
    """By shipment and partner: the first acknowledgement that took a notice of it."""
    notices = Message.objects.filter(
        record_id__in=[leg.subject for leg in told], direction=Message.Direction.OUT
    )
    shipment = dict(notices.values_list("pk", "record_id"))
    answers = Leg.objects.filter(
        kind=Leg.Kind.ACKNOWLEDGE, subject__in=list(shipment), outcome=Leg.Outcome.DONE
    )
    found: dict[tuple[UUID, int], Leg] = {}
    for answer in answers.order_by("-ended_at"):
        record_id = shipment[answer.subject]
        if record_id is not None:
            found[record_id, answer.endpoint_id] = answer
    return found
