"""What the demo's partner watches: comparisons, terms, agreed time, marked days, and who is told."""

import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Final
from urllib.parse import urljoin, urlsplit

from integrations.models import Endpoint
from monitoring.domain import exclusions, reconcile_define
from monitoring.domain.alerts import setup
from monitoring.models import (
    AlertChannel,
    AlertRule,
    Exclusion,
    MarkedDays,
    Reconciliation,
    StatementTerms,
)
from portal.accounts.models import Person
from portal.core import clock
from portal.customers.models import Customer

ROOM: Final = "Operations room"
_COMPARED: Final = {
    Reconciliation.Kind.INVENTORY: "Stock of Reno, accounting and the web store",
    Reconciliation.Kind.ORDERS: "Orders from the web store to Reno",
    Reconciliation.Kind.SHIPMENTS: "Shipments from Reno",
}
_TOLD: Final = (
    ("Severe cases", AlertRule.Subject.CASES, 0),
    ("Orders near their cut-off", AlertRule.Subject.LATE_ORDERS, 30),
    ("Old stock", AlertRule.Subject.OLD_STOCK, 60),
)


def watch(customer: Customer, *, asked_by: Person, approved_by: Person, reader: str) -> None:
    """Set up what is not there yet. `reader`: who gets the customer's statements."""
    _compare(customer, actor=approved_by.name)
    _tell(customer)
    if not StatementTerms.objects.filter(customer=customer).exists():
        StatementTerms.objects.create(
            customer=customer, recipients=[reader], monthly_fee=Decimal(1200)
        )
    _agree(customer, asked_by=asked_by, approved_by=approved_by)
    _mark(customer, author=approved_by)


def _compare(customer: Customer, *, actor: str) -> None:
    for kind, label in _COMPARED.items():
        there = Reconciliation.objects.filter(customer=customer, label=label).exists()
        content = None if there else reconcile_define.usual(customer, kind)
        if content:
            reconcile_define.create(customer, label=label, content=content, actor=actor)


def _tell(customer: Customer) -> None:
    """The room is the stand-in for every system that takes JSON."""
    if AlertChannel.objects.filter(name=ROOM).exists():
        return
    sink = Endpoint.objects.get(customer=customer, connector="http")
    url = urljoin(sink.settings["url"], "/alerts")
    room = AlertChannel(
        name=ROOM,
        kind=AlertChannel.Kind.WEBHOOK,
        settings={"host": urlsplit(url).hostname},
        time_zone=customer.time_zone,
    )
    setup.put_channel(room, {"url": url, "secret": secrets.token_urlsafe(24)})
    for name, subject, minutes in _TOLD:
        rule = AlertRule(name=name, subject=subject, minutes=minutes)
        setup.put_rule(rule, [setup.Step({"channel": room}, 0)])


def _agree(customer: Customer, *, asked_by: Person, approved_by: Person) -> None:
    if Exclusion.objects.filter(customer=customer).exists():
        return
    sundays = {
        "zone": customer.time_zone, "weekday": 6, "at": 3 * 60, "minutes": 60,
        "since": clock.now().date().isoformat(),
    }  # fmt: skip
    row = Exclusion(
        customer=customer,
        kind=Exclusion.Kind.MAINTENANCE,
        text="Maintenance of the accounting system",
        recurs=sundays,
    )
    exclusions.approve(exclusions.ask(row, person=asked_by).pk, person=approved_by)


def _mark(customer: Customer, *, author: Person) -> None:
    if MarkedDays.objects.filter(customer=customer).exists():
        return
    first = clock.now().date() + timedelta(days=7)
    MarkedDays.objects.create(
        customer=customer, first=first, last=first + timedelta(days=2), factor=2, reason="Winter sale",
        author=author, author_name=author.name,
    )  # fmt: skip
