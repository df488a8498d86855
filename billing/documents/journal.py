"""A month's invoices and credit notes as double entries for an accounting system.

An invoice debits receivables with what is due and prepaid credits with what they paid, and credits revenue
and tax. Discounts and SLA credits have accounts of their own, against revenue before both. A credit note is
the same with its sides exchanged. What an invoice below zero or a credit note does not pay out is kept for
later invoices, and stands on prepaid credits.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from billing.documents.csv_file import Cell, csv_file
from billing.invoices import words
from billing.invoices.content import Content
from billing.invoices.sums import sums
from portal.core import tongue
from portal.core.currencies import minor_unit
from portal.core.money import EXACT, add_up

COLUMNS: Final = (
    "date", "document", "customer", "account", "debit", "credit", "currency", "text",
)  # fmt: skip
_ZERO: Final = Decimal(0)


class JournalError(ValueError):
    """A document that cannot be booked; the text names it and says why."""


class Accounts(NamedTuple):
    """What each account is called in the accounting system."""

    receivables: str
    revenue: str
    discounts: str
    sla_credits: str
    prepaid_credits: str
    tax: str


class Entry(NamedTuple):
    """One side of a booking: of `debit` and `credit` one is above zero and the other is 0."""

    on: date
    document: str
    customer: str
    account: str
    debit: Decimal
    credit: Decimal
    currency: str
    text: str


class Void(NamedTuple):
    """A document that was made void, and on which day: it may be in the books by then."""

    content: Content
    on: date


@tongue.as_documents()
def journal_csv(
    documents: Iterable[Content], accounts: Accounts, *, voids: Iterable[Void] = ()
) -> bytes:
    """UTF-8 with COLUMNS as its head, amounts with all places of their currency. Raises as `entries`."""
    found = entries(documents, accounts, voids=voids)
    return csv_file(COLUMNS, (_row(entry) for entry in found))


def entries(
    documents: Iterable[Content], accounts: Accounts, *, voids: Iterable[Void] = ()
) -> tuple[Entry, ...]:
    """By date and number; debits and credits of each document are the same sum. Each of `voids` is taken
    back on its day, with its sides exchanged.

    JournalError for a draft, a document that is there twice, and one whose own sums do not fit.
    """
    taken_back = [entry for one in voids for entry in _taken_back(one, accounts)]
    booked = _booked(documents, accounts)
    return tuple(sorted([*booked, *taken_back], key=lambda one: one.on))


def _taken_back(void: Void, accounts: Accounts) -> Iterator[Entry]:
    for entry in _booked([void.content], accounts):
        yield entry._replace(
            on=void.on, debit=entry.credit, credit=entry.debit, text=f"Void: {entry.text}"
        )


def _booked(documents: Iterable[Content], accounts: Accounts) -> tuple[Entry, ...]:
    found = sorted(map(_final, documents), key=lambda one: (one.on, one.number))
    for before, after in pairwise(sorted(one.number for one in found)):
        if before == after:
            raise JournalError(f"{after} is there twice. Export each document once.")
    return tuple(entry for one in found for entry in _entries(one, accounts))


class _Final(NamedTuple):
    on: date
    number: str
    content: Content


def _final(content: Content) -> _Final:
    if content.number is None or content.issued is None:
        raise JournalError(
            f"The draft of {content.recipient.name} for {words.month(content.period.key)} cannot be booked."
            " Make it final first."
        )
    for whole, parts, said in _sums(content):
        if whole != parts:
            raise JournalError(f"{said} of {content.number} do not fit together.")
    return _Final(content.issued, content.number, content)


def _sums(content: Content) -> Iterator[tuple[Decimal, Decimal, str]]:
    yield content.net, add_up(line.amount for line in content.lines), "Net amount and lines"
    yield content.total, EXACT.add(content.net, content.tax.amount), "Total, net amount and tax"
    if content.kind == "invoice" and content.total >= 0:
        used = add_up(one.amount for one in content.credits)
        yield content.total, EXACT.add(content.due, used), "Total, credits and what is due"


def _entries(final: _Final, accounts: Accounts) -> Iterator[Entry]:
    content = final.content
    for account, debited, text in _debited(content, accounts):
        amount = debited if content.kind == "invoice" else debited.copy_negate()
        if not amount:
            continue
        side = amount.copy_abs()
        yield Entry(
            on=final.on,
            document=final.number,
            customer=content.recipient.slug,
            account=account,
            debit=side if amount > 0 else _ZERO,
            credit=side if amount < 0 else _ZERO,
            currency=content.currency,
            text=f"{words.headline(content)}: {text}",
        )


def _debited(content: Content, accounts: Accounts) -> Iterator[tuple[str, Decimal, str]]:
    """Account, by how much an invoice debits it (below zero: credits), and what for; the sum is 0."""
    made = sums(content)
    kept = EXACT.subtract(content.total, content.due)
    yield accounts.receivables, content.due, _receivable(content)
    yield (
        accounts.prepaid_credits,
        kept,
        "paid with credits" if _pays(content) else "kept as a credit",
    )
    yield accounts.discounts, made.discounts.copy_negate(), "discounts"
    yield accounts.sla_credits, made.sla_credits.copy_negate(), "service credits"
    yield accounts.revenue, made.charges.copy_negate(), f"charges of {words.period(content.period)}"
    yield accounts.tax, content.tax.amount.copy_negate(), words.tax(content.tax, content.currency)


def _receivable(content: Content) -> str:
    said = "due from" if content.kind == "invoice" else "given back to"
    return f"{said} {content.recipient.name}"


def _pays(content: Content) -> bool:
    """Whether credits pay a part of it; otherwise it leaves one."""
    return content.kind == "invoice" and content.total > 0


def _row(entry: Entry) -> tuple[Cell, ...]:
    return (
        entry.on, entry.document, entry.customer, entry.account, _money(entry.debit, entry.currency),
        _money(entry.credit, entry.currency), entry.currency, entry.text,
    )  # fmt: skip


def _money(amount: Decimal, currency: str) -> str:
    """With all places of the currency: accounting systems read amounts by their width."""
    return f"{amount:.{minor_unit(currency)}f}"
