"""Drafts of invoices: made of what is known, and made anew until they are final."""

from django.db import transaction

from billing.domain import accounts, reckon, sla_credits
from billing.domain.reckon import Reckoned
from billing.models import Account, Invoice, InvoiceEvent
from billing.plans.month import month
from monitoring.seal import canonical, digest
from portal.core import clock

State = Invoice.State


class NotDraftedError(ValueError):
    """There is nothing to draft; the text says why."""


def preview(account: Account, key: str) -> Reckoned:
    """The invoice as it would be now; nothing is kept."""
    return reckon.reckon(account, key)


@transaction.atomic
def draft(account_id: int, key: str) -> Invoice | None:
    """The account's draft for a month, made or made anew; the invoice itself where it is final already.

    None where there is nothing to say. NotDraftedError where an earlier month is still open, and what
    `reckon` and taxes refuse.
    """
    account = accounts.locked(account_id)
    found = Invoice.objects.filter(account=account, month=key, kind=Invoice.Kind.INVOICE).exclude(
        state=State.VOID
    )
    existing = found.select_for_update().first()
    if existing and existing.state not in Invoice.OPEN:
        return existing
    refuse_order(account, key)
    sla_credits.collect(account, key)
    made = reckon.reckon(account, key)
    if not made.content.lines:
        _drop(existing)
        return None
    return _keep(existing, account, key, made)


def refuse_order(account: Account, key: str) -> None:
    """NotDraftedError where this is not the next month of the account."""
    month(key)
    if key >= accounts.this_month(account):
        raise NotDraftedError(f"{month(key).begins:%B %Y} is not over for {account.name}.")
    if key < account.open_from and not is_written_anew(account, key):
        raise NotDraftedError(
            f"{month(key).begins:%B %Y} is closed for {account.name}: what it owes is billed with the"
            " next invoice."
        )
    earlier = Invoice.objects.filter(account=account, month__lt=key, state__in=Invoice.OPEN).first()
    if earlier:
        raise NotDraftedError(
            f"{account.name}'s invoice for {month(earlier.month).begins:%B %Y} is not final yet."
        )


def is_written_anew(account: Account, key: str) -> bool:
    """It was made void, and no later month is billed: otherwise that one has billed what it owed."""
    found = Invoice.objects.filter(account=account, kind=Invoice.Kind.INVOICE)
    void = found.filter(month=key, state=State.VOID)
    later = found.filter(month__gt=key).exclude(state=State.VOID)
    return void.exists() and not later.exists()


def _keep(existing: Invoice | None, account: Account, key: str, made: Reckoned) -> Invoice:
    content = canonical(made.content)
    if existing and bytes(existing.content) == content:
        return existing
    replaces = None if existing else _void_one(account, key)
    invoice = existing or Invoice(
        account=account, entity_id=account.entity_id, month=key, replaces=replaces
    )
    invoice.content, invoice.hash = content, digest(content)
    invoice.state = State.DRAFT
    take_sums(invoice, made)
    invoice.made_at = clock.now()
    invoice.save()
    return invoice


def take_sums(invoice: Invoice, made: Reckoned) -> None:
    """What lists show of the content."""
    invoice.currency = made.content.currency
    invoice.net, invoice.total, invoice.due = made.totals.net, made.totals.total, made.totals.due


def _void_one(account: Account, key: str) -> Invoice | None:
    """The void invoice that this one is written instead of."""
    voided = Invoice.objects.filter(account=account, month=key, state=State.VOID, replaced_by=None)
    return voided.order_by("-pk").first()


def _drop(existing: Invoice | None) -> None:
    if existing:
        existing.delete()


@transaction.atomic
def discard(invoice_id: int) -> None:
    """Throw a draft away. NotDraftedError for what is final."""
    invoice = Invoice.objects.select_for_update().get(pk=invoice_id)
    if invoice.state not in Invoice.OPEN:
        raise NotDraftedError(f"{invoice} is final: it stays as it is.")
    invoice.delete()


def review(invoice_id: int) -> None:
    """Say that a person has to look at it."""
    Invoice.objects.filter(pk=invoice_id, state=State.DRAFT).update(state=State.REVIEW)


def note(invoice: Invoice, verb: str, *, by: str, text: str = "") -> None:
    """What happened to a final invoice, for good. Drafts have no history: they come and go."""
    InvoiceEvent.objects.create(invoice=invoice, verb=verb, actor=by[:80], text=text[:500])
