"""Making a customer's statement of a month, sealed by nobody yet."""

from datetime import datetime
from typing import Any, NamedTuple, cast

from monitoring.domain import statement_frame, statement_sources
from monitoring.domain.statement_period import month_of, must_be_over
from monitoring.models import Statement
from monitoring.seal import Entry, Row, canonical, plain
from monitoring.statements import words
from monitoring.statements.assemble import assemble
from monitoring.statements.content import Content
from portal.core import clock
from portal.customers.models import Customer


class Built(NamedTuple):
    """A statement and the evidence it was counted from."""

    content: Content
    rows: list[Row]
    entries: list[Entry]

    @property
    def bytes(self) -> bytes:
        return canonical(self.content)


def build(customer: Customer, key: str, *, as_of: datetime) -> Built:
    """The statement of a month that is over, as its records stand at `as_of`. NoSuchMonthError."""
    period = month_of(key, customer.time_zone)
    must_be_over(period)
    frame = statement_frame.of(customer, period, as_of=as_of)
    found = statement_sources.find(customer, period, as_of=as_of)
    return Built(assemble(frame, found), found.rows, found.entries)


def again(statement: Statement) -> Built:
    """The statement made anew from today's records: of its month, as of its seal, by the terms in it."""
    sealed = statement.said
    frame = statement_frame.again(statement, sealed)
    found = statement_sources.find(statement.customer, sealed.period, as_of=sealed.sealed_at)
    return Built(assemble(frame, found), found.rows, found.entries)


def draft(customer: Customer, key: str) -> Statement:
    """Make or renew the draft of a month. NoSuchMonthError."""
    now = clock.now()
    built = build(customer, key, as_of=now)
    row, _ = Statement.objects.update_or_create(
        customer=customer,
        period=key,
        state=Statement.State.DRAFT,
        defaults={
            "content": built.bytes,
            "summary": summary_of(built.content),
            "built_at": now,
        },
    )
    return row


def summary_of(content: Content) -> dict[str, Any]:
    """What lists show, so that they need not read whole statements."""
    kept, told = words.kept(content)
    credits_ = content.credits
    found = {
        "kept": kept,
        "of": told,
        "percent": credits_.percent,
        "amount": credits_.amount,
        "currency": credits_.currency,
    }
    return cast(dict[str, Any], plain(found))
