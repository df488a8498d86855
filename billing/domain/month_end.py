"""A month as a whole: all its drafts are made final, all its final invoices sent, each by itself.

What is done is what the person looked at: they send back the digest of the list, and every draft goes with
the hash that it had then. Each invoice is a transaction of its own, so that none is half done, and what
becomes of each is told.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from billing.domain import drafts, final, invoice_states, sending
from billing.domain.reckon import NotBillableError
from billing.domain.taxes import NoTaxError
from billing.models import Invoice
from billing.rating import TermsError, UsageError

MOST: Final = 100  # in one go: a person waits
_REFUSALS: Final = (
    final.NotFinalError, invoice_states.NotNowError, sending.NotMailedError, NotBillableError,
    NoTaxError, drafts.NotDraftedError, TermsError, UsageError,
)  # fmt: skip


class OtherListError(ValueError):
    """The list is another one by now; the text says so."""


class Seen(NamedTuple):
    """An invoice as a person saw it in a list."""

    id: int
    hash: str


class Outcome(NamedTuple):
    """What became of one; `refused` is why nothing did."""

    invoice: Invoice
    refused: str = ""


def to_finalise(month: str) -> list[Seen]:
    """Drafts of a month, reviewed or not."""
    return _seen(month, Invoice.OPEN)


def to_send(month: str) -> list[Seen]:
    return _seen(month, (Invoice.State.FINAL,))


def _seen(month: str, states: Sequence[str]) -> list[Seen]:
    found = Invoice.objects.filter(month=month, state__in=states).order_by("account__name", "pk")
    return [Seen(*row) for row in found.values_list("pk", "hash")]


def digest_of(seen: Sequence[Seen]) -> str:
    return sha256("\n".join(f"{one.id} {one.hash}" for one in seen).encode()).hexdigest()


def as_seen(seen: Sequence[Seen], digest: str) -> Sequence[Seen]:
    """The list, if it is the one with this digest. OtherListError where it changed."""
    if digest_of(seen) != digest:
        raise OtherListError("The list changed since you looked. Nothing was done: look again.")
    return seen


def finalise(seen: Sequence[Seen], *, by: str) -> list[Outcome]:
    """Make each final as it was seen, MOST at most. One that would say something else by now is drafted
    anew, to be looked at again."""
    return _each(seen, lambda one: _finalise(one, by=by))


def send(seen: Sequence[Seen], *, by: str) -> list[Outcome]:
    """Mail each, MOST at most."""
    return _each(seen, lambda one: sending.send(one.id, by=by))


def _finalise(one: Seen, *, by: str) -> Invoice:
    try:
        return final.finalise(one.id, seen=one.hash, by=by)
    except final.ChangedError:
        account_id, month = Invoice.objects.values_list("account_id", "month").get(pk=one.id)
        drafts.draft(account_id, month)
        raise


def _each(seen: Sequence[Seen], do: Callable[[Seen], Invoice]) -> list[Outcome]:
    """What is gone by now is left out: nothing was to be done with it."""
    known = Invoice.objects.select_related("account").in_bulk([one.id for one in seen[:MOST]])
    return [_one(one, known[one.id], do) for one in seen[:MOST] if one.id in known]


def _one(one: Seen, invoice: Invoice, do: Callable[[Seen], Invoice]) -> Outcome:
    try:
        return Outcome(do(one))
    except _REFUSALS as error:
        return Outcome(invoice, str(error))
