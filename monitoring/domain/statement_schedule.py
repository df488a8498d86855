"""When statements are made: a draft once the month is over, the seal on the first business day after."""

from collections.abc import Iterator
from datetime import datetime

from monitoring.domain import statement_build, statement_seal, statement_send
from monitoring.domain.statement_frame import sealed_of
from monitoring.domain.statement_period import due_at, last_over, month_of
from monitoring.models import Statement, StatementEvent
from monitoring.statements import words
from monitoring.statements.content import Period
from portal.core import clock
from portal.customers.models import Customer

MOST_WAITING = 12  # older ones are sent by hand


def advance(customer: Customer) -> int:
    """Draft or seal the next month of a customer that is due, and send what may go. Returns how much was
    done; 0 means that nothing is due now."""
    return _make_next(customer) + _send(customer)


def _make_next(customer: Customer) -> int:
    period = next(_unsealed(customer), None)
    if period is None:
        return 0
    if due_at(customer, period) > clock.now():
        return _draft(customer, period)
    statement_seal.seal(customer.pk, period.key)
    return 1


def _send(customer: Customer) -> int:
    waiting = sealed_of(customer.pk).exclude(events__verb=StatementEvent.SENT)
    found = waiting.select_related("customer")[:MOST_WAITING]
    return sum(statement_send.send_due(one) for one in found)


def _unsealed(customer: Customer) -> Iterator[Period]:
    """The months that are over and not sealed, oldest first: since the last seal, or since they came."""
    last = sealed_of(customer.pk).first()
    since = last.said.period.ends if last else customer.created_at
    newest = last_over(customer)
    period = _holding(customer, since)
    while period.key <= newest.key:
        yield period
        period = _holding(customer, period.ends)


def _holding(customer: Customer, at: datetime) -> Period:
    """The month that holds an instant."""
    day = words.local(at, customer.time_zone)
    return month_of(f"{day:%Y-%m}", customer.time_zone)


def _draft(customer: Customer, period: Period) -> int:
    """Make the draft once; a person may renew it."""
    if Statement.objects.filter(customer=customer, period=period.key).exists():
        return 0
    statement_build.draft(customer, period.key)
    return 1
