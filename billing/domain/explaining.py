"""Explain my bill: which documents a line bills, and what was free and why."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from billing.domain import terms
from billing.invoices import reading, words
from billing.invoices.content import Content, Line
from billing.models import Account, Invoice, Metric, UsageFact
from billing.plans.month import Month, month
from billing.queries import explained
from billing.queries.explained import SIZE, Behind, Place
from billing.queries.measured import Days

_DAY: Final = timedelta(days=1)
_TRIAL: Final = gettext_noop("the trial, in which nothing is charged")
_MOVED: Final = (
    ("duplicate", gettext_noop("sent to us a second time: counted once")),
    ("unchanged", gettext_noop("said nothing new: not passed on, and not counted")),
    ("retried", gettext_noop("sent again because a system did not take it: counted once")),
    ("replayed", gettext_noop("sent again after something was mended: counted once")),
)


class NoLineError(LookupError):
    """The invoice has no such line."""


class Explained(NamedTuple):
    """A line with a page of the facts it bills and the documents behind them. `next`: where the next page
    begins. `metric` is None where a line counts nothing."""

    content: Content
    line: Line
    metric: Metric | None
    facts: list[UsageFact]
    behind: Mapping[int, Behind]
    late: str
    next: Place | None


class Gratis(NamedTuple):
    """Something that cost nothing. `kind` is of the facts or documents that were counted, blank where `what`
    says all of it."""

    what: str
    times: int
    quantity: Decimal
    kind: str
    why: str


def line(invoice: Invoice, at: int, *, after: Place | None = None) -> Explained:
    """The line at a position, from 1 on. NoLineError beyond the last one. Of a credit note, what was billed
    by the invoice that it corrects."""
    content = reading.read(bytes(invoice.content))
    if not 0 < at <= len(content.lines):
        raise NoLineError
    found = content.lines[at - 1]
    metric = Metric.objects.filter(code=found.metric).first() if found.metric else None
    known_by = _known_by(invoice)
    if metric is None:
        return Explained(content, found, None, [], {}, known_by, None)
    facts = explained.billed(
        invoice.account, metric, found, known_by=known_by, after=after
    )  # fmt: skip
    page = facts[:SIZE]
    following = Place(page[-1].day, page[-1].pk) if facts[SIZE:] else None
    behind = explained.behind(page)
    return Explained(content, found, metric, page, behind, known_by, following)


def _known_by(invoice: Invoice) -> str:
    """The month whose invoice billed it."""
    return invoice.corrects.month if invoice.corrects else invoice.month


def gratis(invoice: Invoice) -> list[Gratis]:
    """Everything of an invoice's month that cost nothing, and why: what was included, the trial, what is
    free by itself, and what came or went more than once."""
    content = reading.read(bytes(invoice.content))
    of = month(invoice.month)
    return [
        *_included(content),
        *_trial(invoice.account, of, known_by=invoice.month),
        *_by_itself(invoice.account, of, known_by=invoice.month),
        *_moved(invoice.account, of),
    ]


def _included(content: Content) -> Iterator[Gratis]:
    for one in content.lines:
        said = zip(one.steps, words.steps_said(one, content.currency), strict=True)
        for step, text in said:
            if step.kind == "free":
                about = f"{one.name}, {words.service(one)}: {text}"
                yield Gratis(about, 0, step.quantity, "", _("it is in the price"))


def _trial(account: Account, of: Month, *, known_by: str) -> Iterator[Gratis]:
    for subscription in terms.subscriptions(account, of):
        term = terms.term(subscription, of)
        begins, ends = max(term.begins, of.begins), min(term.first_billed, of.ends)
        if begins < ends:
            used = explained.used_by_kind(account, Days(begins, ends), known_by=known_by)
            why = _("%(trial)s: until %(day)s") % {
                "trial": _(_TRIAL),
                "day": words.day(term.first_billed - _DAY),
            }
            if not used:
                yield Gratis(f"{term.plan}, {words.days(begins, ends)}", 0, Decimal(0), "", why)
            for kind, times in used.items():
                yield Gratis("", times, Decimal(times), kind, why)


def _by_itself(account: Account, of: Month, *, known_by: str) -> Iterator[Gratis]:
    for one in explained.never_billed(account, Days(of.begins, of.ends), known_by=known_by):
        yield Gratis("", one.times, one.quantity, one.kind, one.why)


def _moved(account: Account, of: Month) -> Iterator[Gratis]:
    zone = ZoneInfo(account.time_zone)
    begins, ends = (_instant(day, zone) for day in (of.begins, of.ends))
    volume = explained.moved(account, begins, ends)
    for name, why in _MOVED:
        if times := getattr(volume, name):
            yield Gratis("", times, Decimal(times), "document", _(why))


def _instant(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
