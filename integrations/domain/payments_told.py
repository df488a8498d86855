"""What a buyer says it paid of an invoice of ours.

The hub keeps no ledger: what one advice pays of an invoice is held against its total. All of it, a discount
that was taken counted, makes the invoice paid; less makes it partly paid, and is a problem of the invoice.
Nothing, what is taken back, a discount alone and another currency pay none of it, and are problems too.
"""

from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.canonical.states import IllegalTransition, advance
from integrations.domain import hub, problems
from integrations.domain.acknowledge import Ours
from integrations.domain.configuration import Configuration
from integrations.domain.hub import Milestone
from integrations.domain.problems import Trouble
from integrations.domain.translate import MOST_WORTH, Reading
from integrations.models import Record
from portal.core.decimals import plain_number

_DIFFERS: Final = "payment_differs"
_UNMATCHED: Final = "payment_unmatched"


def apply(config: Configuration, reading: Reading, ours: Ours, told: dict[str, Any]) -> None:
    """Move the invoice to paid or partly paid; open what is missing on the message it went out with."""
    records = Record.objects.select_for_update().filter(customer_id=config.customer_id)
    invoice = records.filter(pk=ours.record_id).first() if ours.record_id else None
    if invoice is None:
        return
    label = config.endpoints[reading.message.endpoint_id].label
    total = Decimal(invoice.body["totals"]["total"])
    is_credit = invoice.body["type"] == "credit" or total < 0
    total, discount = abs(total), abs(Decimal(told["discount"]))
    paid = _paid(told, is_credit=is_credit)
    settled = paid + discount
    currency = told["currency"] or invoice.currency
    verb = "paid" if paid >= 0 else "took back"
    words = f"{label} {verb} {_money(abs(paid), currency)}"
    words += f" and took {_money(discount, currency)} as discount" if discount else ""
    words += f", trace {told['trace']}" if told["trace"] else ""
    target = ""
    if currency == invoice.currency and (paid > 0 or settled == total == 0):
        target = "paid" if settled >= total else "partially_paid"
    hub.mark(config.customer_id, [_step(invoice, target, words, reading)])
    problems.close_problems([ours.id], actor="", cause=f"{label} has told of another payment")
    if settled != total or not target:
        sentence = f"{words}; invoice {invoice.number} is over {_money(total, invoice.currency)}"
        sentence += f" ({'; '.join(told['reasons'])})" if told["reasons"] else ""
        found = [Problem(_DIFFERS, "totals.total", invoice.number, sentence)]
        missing = abs(total - settled) if currency == invoice.currency else total
        trouble = Trouble(
            ours.id, config.customer_id, reading.message.endpoint_id, ours.object_type, found,
            missing if missing < MOST_WORTH else None, invoice.currency,
        )  # fmt: skip
        problems.open_problems([trouble])


def unmatched(label: str, told: dict[str, Any]) -> Problem:
    """A payment of something that was not sent to them as an invoice."""
    number = next(iter(told["about"]["numbers"]), "")
    reasons = f" ({'; '.join(told['reasons'])})" if told["reasons"] else ""
    text = f"{label} paid {told['paid']} for {number or 'nothing that it names'}{reasons}"
    return Problem(_UNMATCHED, "", number, text)


def _paid(told: dict[str, Any], *, is_credit: bool) -> Decimal:
    """What an advice pays of it. Less than nothing pays a credit, and takes back of an invoice."""
    paid = Decimal(told["paid"])
    return abs(paid) if is_credit else paid


def _step(invoice: Record, target: str, words: str, reading: Reading) -> Milestone:
    """To `target`, where that is a step on; without one only a note."""
    current = invoice.state or "posted"
    reached = advance("invoice", current, target) if target else current
    moved = not isinstance(reached, IllegalTransition) and reached != current
    to_state = target if moved else ""
    return Milestone(invoice.pk, to_state, words, reading.message.id, invoice.state)


def _money(amount: Decimal, currency: str) -> str:
    return f"{plain_number(amount)} {currency}".strip()
