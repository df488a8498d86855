"""What may happen to a final invoice: sent, paid, disputed, void. Only what is legal next is allowed."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Min

from billing.domain import accounts, credit, drafts
from billing.models import Invoice
from portal.core import events

State = Invoice.State
NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    State.FINAL: (State.SENT, State.VOID),
    State.SENT: (State.PAID, State.DISPUTED, State.VOID),
    State.DISPUTED: (State.SENT, State.PAID, State.VOID),
    State.PAID: (),
    State.VOID: (),
}
_DONE: Final = {
    State.SENT: "sent", State.PAID: "paid", State.DISPUTED: "disputed", State.VOID: "void",
}  # fmt: skip


class InvoiceMoved(NamedTuple):
    """A final invoice or credit note reached a state."""

    invoice_id: int
    state: str


class NotNowError(ValueError):
    """It is not what may happen to the invoice now; the text says why."""


@transaction.atomic
def become(invoice_id: int, state: str, *, by: str, text: str = "") -> Invoice:
    """Take the next step. NotNowError for any other, and for a dispute or a void without a reason."""
    account = accounts.locked(
        Invoice.objects.values_list("account_id", flat=True).get(pk=invoice_id)
    )
    invoice = Invoice.objects.select_for_update().get(pk=invoice_id)
    if state not in NEXT.get(invoice.state, ()):
        raise NotNowError(f"{invoice} is {invoice.get_state_display()}: it cannot become {state}.")
    if state in {State.DISPUTED, State.VOID} and not text.strip():
        raise NotNowError("Say why: it stays with the invoice.")
    if state == State.VOID:
        _refuse_void(invoice)
        first = invoice.lines.aggregate(first=Min("service"))["first"] or invoice.month
        accounts.look_back(account, min(first, invoice.month))
    invoice.state = state
    if state == State.SENT:
        invoice.shown_to = account.customer_id
    invoice.save(update_fields=["state", "shown_to"])
    drafts.note(invoice, _DONE[State(state)], by=by, text=text.strip())
    events.publish(InvoiceMoved(invoice.pk, state))
    return invoice


def _refuse_void(invoice: Invoice) -> None:
    if invoice.kind == Invoice.Kind.CREDIT_NOTE:
        raise NotNowError("A credit note is not taken back: bill what it gave back as a one-off.")
    if invoice.credit_notes.exists():
        raise NotNowError("A credit note corrects it. Correct the rest by another one.")
    try:
        credit.withdraw_carried(invoice)
    except credit.NotCreditedError as error:
        raise NotNowError(str(error)) from None
