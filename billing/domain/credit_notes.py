"""Credit notes: a person gives back some or all of what an invoice billed, with a reason.

What an unpaid invoice asks for gets less by it; what goes beyond that is the account's credit.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import Sum

from billing.domain import accounts, drafts, numbers
from billing.domain.final import fix_content, keep_lines, today_of
from billing.domain.invoice_states import InvoiceMoved
from billing.invoices import reading, words
from billing.invoices.content import Content, Line, Step
from billing.models import Credit, Invoice, InvoiceLine, LegalEntity
from billing.plans.month import month, month_of
from portal.core import events
from portal.core.money import EXACT, add_up, round_money

State = Invoice.State
_ZERO = Decimal(0)


class NotGivenBackError(ValueError):
    """It cannot be given back; the text says why."""


class Left(NamedTuple):
    """A line, and what of it can still be given back."""

    line: Line
    amount: Decimal


def left(invoice: Invoice) -> list[Left]:
    """The lines of an invoice that can be given back, each with how much."""
    given = dict(
        InvoiceLine.objects.filter(invoice__corrects=invoice)
        .values_list("key")
        .annotate(sum=Sum("amount"))
    )
    content = reading.read(bytes(invoice.content))
    found = [Left(line, line.amount + given.get(line.key, _ZERO)) for line in content.lines]
    return [one for one in found if one.amount > 0]


def open_amount(invoice: Invoice) -> Decimal:
    """What is still to pay of an invoice by what we know: nothing of a paid or a void one."""
    if invoice.state not in {State.FINAL, State.SENT, State.DISPUTED}:
        return _ZERO
    return max(invoice.due - given(invoice).total, _ZERO)


@transaction.atomic
def give_back(
    invoice_id: int,
    amounts: Mapping[str, Decimal],
    *,
    reason: str,
    by: str,
    seen: str | None = None,
) -> Invoice:
    """A credit note over `amounts`, net, by the key of the line. Tax goes along by the invoice's own rate.

    `seen`: what had been given back when the person looked, as text. The note's `due` is what the invoice
    asks for less by it; the rest is a credit. NotGivenBackError for more than is left, for nothing, without
    a reason, and for an invoice that is not final.
    """
    account = accounts.locked(
        Invoice.objects.values_list("account_id", flat=True).get(pk=invoice_id)
    )
    invoice = Invoice.objects.select_for_update().get(pk=invoice_id)
    _refuse(invoice, reason)
    if seen is not None and seen != f"{given(invoice).net:f}":
        raise NotGivenBackError("Something was given back since you looked. See what is left.")
    lines = _lines(invoice, amounts)
    _refuse_more_than_billed(invoice, lines)
    was_open = open_amount(invoice)
    entity, number = numbers.credit_note(invoice.entity_id)
    content = _content(invoice, lines, number=number, reason=reason.strip(), entity=entity)
    content = replace(content, due=min(content.total, was_open))
    note = Invoice(
        account=account, entity=entity, kind=Invoice.Kind.CREDIT_NOTE, state=State.FINAL,
        month=content.period.key, currency=content.currency, net=content.net, total=content.total,
        due=content.due, corrects=invoice, made_at=drafts.clock.now(),
    )  # fmt: skip
    fix_content(note, content)
    note.save()
    keep_lines(note, content)
    if (beyond := note.total - note.due) > 0:
        Credit.objects.create(
            account=account, kind=Credit.Kind.NOTE, amount=beyond, key=f"note/{note.pk}",
            name=f"Credit note {number}", author=by[:80],
        )  # fmt: skip
    drafts.note(note, "final", by=by, text=f"Corrects {invoice.number}: {reason.strip()}")
    drafts.note(invoice, "credited", by=by, text=f"{number}: {reason.strip()}")
    events.publish(InvoiceMoved(note.pk, State.FINAL))
    return note


def _refuse(invoice: Invoice, reason: str) -> None:
    if invoice.state not in Invoice.STANDING or invoice.kind != Invoice.Kind.INVOICE:
        raise NotGivenBackError("Only a final invoice is corrected. A draft is made anew.")
    if not reason.strip():
        raise NotGivenBackError("Say why: the customer reads it.")


def _refuse_more_than_billed(invoice: Invoice, lines: tuple[Line, ...]) -> None:
    """Lines above what all of it came to stood beside discounts."""
    left_net = invoice.net - given(invoice).net
    if add_up(line.amount for line in lines) > left_net:
        raise NotGivenBackError(
            f"Of {invoice.number} {round_money(left_net, invoice.currency)} are left to give back: the rest"
            " was discounted or given back."
        )


class Given(NamedTuple):
    """What credit notes gave back of an invoice so far."""

    net: Decimal
    total: Decimal


def given(invoice: Invoice) -> Given:
    sums = invoice.credit_notes.aggregate(net=Sum("net"), total=Sum("total"))
    return Given(sums["net"] or _ZERO, sums["total"] or _ZERO)


def _lines(invoice: Invoice, amounts: Mapping[str, Decimal]) -> tuple[Line, ...]:
    """In the order of the invoice. Amounts are what is given back, above 0."""
    known = {one.line.key: one for one in left(invoice)}
    chosen = {key: amount for key, amount in amounts.items() if amount}
    if not chosen:
        raise NotGivenBackError("Say of at least one line how much is given back.")
    for key, amount in chosen.items():
        if key not in known:
            raise NotGivenBackError("Nothing is left to give back of one of these lines.")
        one = known[key]
        if not 0 < amount <= one.amount:
            most = words.money(one.amount, invoice.currency)
            raise NotGivenBackError(f"Of {one.line.name} at most {most} can be given back.")
        if amount != round_money(amount, invoice.currency):
            raise NotGivenBackError(f"{amount} is not in whole units of {invoice.currency}.")
    return tuple(_given(one.line, chosen[key]) for key, one in known.items() if key in chosen)


def _given(line: Line, amount: Decimal) -> Line:
    return replace(
        line, origin="credit", detail="", quantity=None, unit_amount=None, gross=amount,
        discount=_ZERO, amount=amount, before=None, steps=(Step("flat", Decimal(1), amount, amount),),
    )  # fmt: skip


def _content(
    invoice: Invoice, lines: tuple[Line, ...], *, number: str, reason: str, entity: LegalEntity
) -> Content:
    about = reading.read(bytes(invoice.content))
    net = add_up(line.amount for line in lines)
    before = given(invoice)
    # The tax of all notes together, less that of those before: the last one gives back the last cent.
    share = EXACT.multiply(before.net + net, about.tax.percent).scaleb(-2, context=EXACT)
    owed = round_money(share, about.currency) - (before.total - before.net)
    tax = replace(about.tax, base=net, amount=owed)
    today = today_of(entity)
    this = month(month_of(today).key)
    total = net + tax.amount
    return replace(
        about, kind="credit_note", number=number, issued=today, due_on=None, lines=lines, net=net,
        tax=tax, total=total, credits=(), due=total, corrects=invoice.number or "", reason=reason,
        period=replace(about.period, key=this.key, begins=this.begins, ends=this.ends), terms="",
    )  # fmt: skip
