"""Send the orders of a case to another warehouse."""

from integrations.domain.reroute import NO_SITE
from integrations.models import Record
from integrations.queries import sites
from integrations.views.spoken import counted
from monitoring.domain import resolve
from monitoring.forms import RerouteForm
from monitoring.models import CaseEvent
from monitoring.remedies.base import Data, Given, Remedy, Situation, Words

_CODES = (*NO_SITE, "ack_rejected")


class Reroute(Remedy):
    slug, label = "reroute", "Re-route"

    def fits(self, situation: Situation) -> bool:
        case, summary = situation.case, situation.summary
        return case.code in _CODES and case.object_type == "order" and summary.orders > 0

    def form(self, situation: Situation, data: Data) -> RerouteForm:
        return RerouteForm(data, initial=situation.frozen, sites=_options(situation))

    def words(self, situation: Situation) -> Words:
        return Words(
            title="Send to another warehouse",
            submit=f"Send {counted(situation.summary.orders, 'order')}",
            note="Takes back what was not sent, moves the reservations, and notes that you chose it.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        return resolve.send_elsewhere(situation.case, **given, actor=situation.person.name)


def _options(situation: Situation) -> list[tuple[str, str]]:
    """The other warehouses, with what speaks for each in the eyes of the chosen order."""
    order_id = situation.document.message.order_id if situation.document else None
    order = Record.objects.filter(pk=order_id).first() if order_id else None
    if order is None:
        return []
    return [
        (option.site, f"{option.site}, {option.label}: {option.note}")
        for option in sites.options(order)
        if not option.current
    ]
