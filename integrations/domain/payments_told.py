"""What a buyer says it paid of an invoice of ours.

What partners told of an invoice is kept (`payments_kept`), a row for each trace, and its sum is held against
the invoice's total. All of it, discounts that were taken counted, makes the invoice paid and closes what was
found before; less makes it partly paid, and less and more are a problem of the invoice. The same trace told
again corrects its row or is the same; without a trace only the same message is known to be the same.

What takes back is kept beside the payments and lowers the sum, though never below nothing of what that
partner told; a credit is paid by either sign. A sum that went down moves no invoice back, for only people and
the invoice's own system know what that means: it is a problem. Nothing, a discount alone and another currency
pay none of it, are not kept, and are problems too.
"""

from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.canonical.states import IllegalTransition, advance
from integrations.domain import hub, payments_kept, problems
from integrations.domain.acknowledge import Ours
from integrations.domain.configuration import Configuration
from integrations.domain.hub import Milestone
from integrations.domain.payments_kept import Outcome, Payment
from integrations.domain.problems import Trouble
from integrations.domain.translate import MOST_WORTH, Reading
from integrations.models import Record
from portal.core.decimals import plain_number

_DIFFERS: Final = "payment_differs"
_UNMATCHED: Final = "payment_unmatched"
_AFTER: Final = {
    Outcome.CORRECTED: ", instead of what it told before",
    Outcome.AGAIN: ", told again and counted once",
    Outcome.EARLIER: ", told before what it has told since",
}
# Where a problem of the sum, and of one advice, stands.
_OF_SUM, _OF_ONE = "totals.total", "totals.paid"


def apply(config: Configuration, reading: Reading, ours: Ours, told: dict[str, Any]) -> None:
    """Move the invoice to paid or partly paid; open what is missing on the message it went out with."""
    records = Record.objects.select_for_update().filter(customer_id=config.customer_id)
    invoice = records.filter(pk=ours.record_id).first() if ours.record_id else None
    if invoice is None:
        return
    total = Decimal(invoice.body["totals"]["total"])
    is_credit = invoice.body["type"] == "credit" or total < 0
    label = config.endpoints[reading.message.endpoint_id].label
    payment = _payment(reading, label, told, invoice, is_credit=is_credit)
    outcome = payments_kept.keep(invoice, payment)
    settled, total = payments_kept.settled(invoice), abs(total)
    target = "" if outcome is Outcome.UNCOUNTED else _target(settled, total)
    note = _said(payment) + _AFTER.get(outcome, "")
    hub.mark(config.customer_id, [_step(invoice, target, note, reading)])
    if outcome in (Outcome.AGAIN, Outcome.EARLIER):
        return
    is_whole = outcome is not Outcome.UNCOUNTED and settled == total
    if outcome is not Outcome.UNCOUNTED:
        cause = f"{label} has told of another payment"
        path = None if is_whole else _OF_SUM
        problems.close_of_record(_DIFFERS, invoice.pk, path=path, cause=cause)
    if is_whole:
        return
    sentence = f"{note}; invoice {invoice.number} is over {_money(total, invoice.currency)}"
    sentence += _so_far(settled, total, invoice.currency)
    sentence += f" ({'; '.join(told['reasons'])})" if told["reasons"] else ""
    path = _OF_ONE if outcome is Outcome.UNCOUNTED else _OF_SUM
    missing = _missing(payment, outcome, settled, total, invoice.currency)
    trouble = Trouble(
        ours.id, config.customer_id, reading.message.endpoint_id, ours.object_type,
        [Problem(_DIFFERS, path, invoice.number, sentence)],
        missing if missing < MOST_WORTH else None, invoice.currency,
    )  # fmt: skip
    problems.open_problems([trouble])


def unmatched(label: str, told: dict[str, Any]) -> Problem:
    """A payment of something that was not sent to them as an invoice."""
    number = next(iter(told["about"]["numbers"]), "")
    reasons = f" ({'; '.join(told['reasons'])})" if told["reasons"] else ""
    text = f"{label} paid {told['paid']} for {number or 'nothing that it names'}{reasons}"
    return Problem(_UNMATCHED, "", number, text)


def _payment(
    reading: Reading, label: str, told: dict[str, Any], invoice: Record, *, is_credit: bool
) -> Payment:
    """Less than nothing pays a credit, and takes back of an invoice."""
    paid, discount = Decimal(told["paid"]), Decimal(told["discount"])
    return Payment(
        reading.message.endpoint_id, label, told["trace"], reading.message.id,
        abs(paid) if is_credit else paid, abs(discount) if is_credit else discount,
        told["currency"] or invoice.currency,
    )  # fmt: skip


def _said(payment: Payment) -> str:
    """Such as: Harbor paid 1500 USD and took 10 USD as discount, trace PAY-88."""
    verb = "took back" if payment.takes_back else "paid"
    words = f"{payment.told_by} {verb} {_money(abs(payment.paid), payment.currency)}"
    if payment.discount:
        words += f" and took {_money(payment.discount, payment.currency)} as discount"
    return words + (f", trace {payment.trace}" if payment.trace else "")


def _so_far(settled: Decimal, total: Decimal, currency: str) -> str:
    """What came of it, and what that is too little or too much."""
    if settled == total:
        return "; all of it has come"
    over = "too much" if settled > total else "missing"
    return f"; {_money(settled, currency)} came so far, {_money(abs(total - settled), currency)} {over}"


def _missing(
    payment: Payment, outcome: Outcome, settled: Decimal, total: Decimal, currency: str
) -> Decimal:
    """What it is about: what the sum differs by, or would with what does not count."""
    if payment.currency != currency:
        return total
    added = payment.settles if outcome is Outcome.UNCOUNTED else Decimal(0)
    return abs(total - settled - added)


def _target(settled: Decimal, total: Decimal) -> str:
    if settled >= total:
        return "paid"
    return "partially_paid" if settled > 0 else ""


def _step(invoice: Record, target: str, words: str, reading: Reading) -> Milestone:
    """To `target`, where that is a step on; without one only a note."""
    current = invoice.state or "posted"
    reached = advance("invoice", current, target) if target else current
    moved = not isinstance(reached, IllegalTransition) and reached != current
    to_state = target if moved else ""
    return Milestone(invoice.pk, to_state, words, reading.message.id, invoice.state)


def _money(amount: Decimal, currency: str) -> str:
    return f"{plain_number(amount)} {currency}".strip()
