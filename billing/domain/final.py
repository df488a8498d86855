"""Making an invoice final: it gets its number and never changes again.

One transaction holds the account, so that no usage comes between, and the legal entity, whose numbers have no
gaps: a number is taken by the same commit that uses it.
"""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from billing.domain import accounts, drafts, numbers, reckon
from billing.domain.credit import CARRIED
from billing.domain.invoice_states import InvoiceMoved
from billing.domain.reckon import Reckoned
from billing.invoices.content import Content
from billing.models import Account, Credit, CreditUse, Invoice, InvoiceLine, LegalEntity
from billing.plans.month import month, month_after
from monitoring.seal import canonical, digest
from portal.core import clock, events

State = Invoice.State


class NotFinalError(ValueError):
    """The invoice cannot be made final; the text says why."""


class ChangedError(NotFinalError):
    """It would say something else by now. Whoever catches it makes the draft anew."""


@transaction.atomic
def finalise(invoice_id: int, *, seen: str, by: str) -> Invoice:
    """Give it its number, fix what it says, and close its month for the account.

    `seen` is the hash of the draft that the person looked at. NotFinalError where it is final already, and
    where it would say something else by now: then the draft is made anew, to be looked at again.
    """
    account = accounts.locked(
        Invoice.objects.values_list("account_id", flat=True).get(pk=invoice_id)
    )
    invoice = Invoice.objects.select_for_update().get(pk=invoice_id)
    if invoice.state not in Invoice.OPEN:
        raise NotFinalError(f"{invoice} is final already.")
    try:
        drafts.refuse_order(account, invoice.month)
    except drafts.NotDraftedError as error:
        raise NotFinalError(str(error)) from None
    made = reckon.reckon(account, invoice.month)
    if digest(canonical(made.content)) != seen:
        raise ChangedError("Usage or terms changed since this draft was made. Look at it again.")
    return _fix(invoice, account, made, by=by)


def _fix(invoice: Invoice, account: Account, made: Reckoned, *, by: str) -> Invoice:
    entity, number = numbers.invoice(account.entity_id)
    today = today_of(entity)
    content = replace(
        made.content, number=number, issued=today, due_on=today + timedelta(days=entity.due_days)
    )
    fix_content(invoice, content)
    invoice.state = State.FINAL
    drafts.take_sums(invoice, made)
    invoice.save()
    keep_lines(invoice, content)
    CreditUse.objects.bulk_create(
        CreditUse(credit_id=key, invoice=invoice, amount=amount) for key, amount in made.totals.used
    )
    _carry(invoice, made)
    _close(account, invoice)
    drafts.note(invoice, "final", by=by, text=f"Made final as {number}")
    events.publish(InvoiceMoved(invoice.pk, State.FINAL))
    return invoice


def fix_content(invoice: Invoice, content: Content) -> None:
    """Its bytes for good; it is still to be saved."""
    invoice.number, invoice.due_on, invoice.final_at = content.number, content.due_on, clock.now()
    invoice.content = canonical(content)
    invoice.hash = digest(bytes(invoice.content))


def keep_lines(invoice: Invoice, content: Content) -> None:
    """What it says of each line in short; of a credit note the other way round."""
    is_note = invoice.kind == Invoice.Kind.CREDIT_NOTE
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice, account_id=invoice.account_id, key=line.key, origin=line.origin,
            name=line.name[:160], subscription=line.subscription, service=line.service,
            fee=line.key.split("/", 2)[-1][:80], metric=line.metric,
            quantity=None if is_note else line.quantity,
            amount=-line.amount if is_note else line.amount,
        )
        for line in content.lines
    )  # fmt: skip


def _carry(invoice: Invoice, made: Reckoned) -> None:
    """What is given back beyond what was to pay is theirs."""
    if made.totals.carried > 0:
        Credit.objects.create(
            account_id=invoice.account_id, kind=Credit.Kind.NOTE, amount=made.totals.carried,
            key=f"{CARRIED}{invoice.pk}", name=f"Carried over from {invoice.number}",
        )  # fmt: skip


def _close(account: Account, invoice: Invoice) -> None:
    following = month_after(month(invoice.month)).key
    account.open_from = max(account.open_from, following)
    if account.reckon_from <= invoice.month:
        account.reckon_from = ""
    account.save(update_fields=["open_from", "reckon_from"])


def today_of(entity: LegalEntity) -> date:
    """The day by the clock of whoever bills."""
    return clock.now().astimezone(ZoneInfo(entity.time_zone)).date()
