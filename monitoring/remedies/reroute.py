"""Send the orders of a case to another warehouse."""

from integrations.domain.reroute import NO_SITE
from integrations.models import Record
from integrations.queries import sites
from monitoring.forms import RerouteForm
from monitoring.remedies.base import Data, DocumentRemedy, Given, Situation, Terms, Words

_CODES = (*NO_SITE, "ack_rejected", "order_refused")


class Reroute(DocumentRemedy):
    slug, label = "reroute", "Re-route"
    proposes = ("site",)

    def fits(self, situation: Situation) -> bool:
        case, summary = situation.case, situation.summary
        return case.code in _CODES and case.object_type == "order" and summary.orders > 0

    def form(self, situation: Situation, data: Data) -> RerouteForm:
        return RerouteForm(data, initial=self.initial(situation), sites=_options(situation))

    def words(self, situation: Situation) -> Words:
        return Words(
            title="Send to another warehouse",
            submit=f"Try it on {situation.summary.orders:,}",
            note="Shows which orders can go there. Nothing is moved yet.",
        )

    def terms(self, situation: Situation, given: Given) -> Terms:
        return {"site": given["site"]}

    def said(self, terms: Terms) -> str:
        return f"Sent to {terms['site']}"


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
