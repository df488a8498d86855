"""What is billed, and what of a budget is used."""

from billing.domain.invoice_states import InvoiceMoved
from billing.domain.spending import BudgetReached
from billing.models import Account, Invoice
from portal.core.events import subscribe
from portal.webhooks.catalogue import EVENTS
from portal.webhooks.domain import wanted
from portal.webhooks.domain.outbox import News, tell


@subscribe(InvoiceMoved)
def invoice_moved(event: InvoiceMoved) -> None:
    """Until it is sent it is no affair of its customer."""
    name_of_state = {kind: f"{kind}.{event.state}" for kind in Invoice.Kind.values}
    if not wanted.wants(*name_of_state.values()):
        return
    invoice = Invoice.objects.select_related("account").get(pk=event.invoice_id)
    name = name_of_state[invoice.kind]
    if name in EVENTS:
        data = {
            "invoice": invoice.pk,
            "number": invoice.number or "",
            "month": invoice.month,
            "account": invoice.account.slug,
            "currency": invoice.currency,
            "total": f"{invoice.total:f}",
            "state": event.state,
        }
        is_private = invoice.shown_to is None
        tell([News(name, invoice.account.customer_id, data, is_private=is_private)])


@subscribe(BudgetReached)
def budget_reached(event: BudgetReached) -> None:
    if wanted.wants("usage.budget_reached"):
        account = Account.objects.get(pk=event.account_id)
        data = {
            "account": account.slug,
            "month": event.month,
            "percent": event.percent,
            "amount": f"{event.amount:f}",
            "currency": account.currency,
        }
        tell([News("usage.budget_reached", account.customer_id, data)])
