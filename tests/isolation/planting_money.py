"""What a customer pays, by which prices, with the mark in every text of it: a sent invoice, a draft, usage."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db import connection

from billing.api.key import new_source
from billing.domain import credit, drafts, final, intake, invoice_states, plans, subscriptions
from billing.domain.intake import Event
from billing.models import Metric, MonthFigure
from portal.core import clock
from portal.customers.models import Customer
from tests.billing.usage import account, at
from tests.isolation.marks import house

MONTHS = ("2026-04", "2026-05")


def plant(customer: Customer, text: str) -> None:
    ours = house(text)  # what is counted, and what it costs, is for all
    author: Any = SimpleNamespace(pk=1, name=ours)
    paying = account(
        customer.pk, name=text, address=text, tax_number=text[:40], reference=text,
        recipients=[f"{text}@example.com"],
    )  # fmt: skip
    code = ours.replace(" ", "-")[:40]
    Metric.objects.create(
        code=code, name=ours, unit=ours[:30], kinds=[ours[:30]], aggregation="sum"
    )
    charge = {"key": "used", "name": ours, "metric": code, "model": "standard",
              "terms": {"unit_amount": "1"}}  # fmt: skip
    draft = plans.begin(
        ours,
        code,
        {"currency": paying.currency, "charges": [charge]},
        author=author,
        description=ours,
    )
    version = plans.publish(
        draft, edition=1, by=author, note=ours, moves=False, from_month="", second_person=False
    )
    sold = subscriptions.subscribe(paying, version, begins=date(2026, 4, 1), by=text)
    subscriptions.override(
        sold,
        "used",
        {"unit_amount": "2"},
        begins="2026-05",
        until="2026-05",
        reason=text,
        author=text,
    )
    subscriptions.discount(
        sold, text, begins="2026-05", percent=Decimal(5), reason=text, author=text
    )
    subscriptions.charge_once(
        paying, text, day=date(2026, 5, 2), quantity="1", unit_amount="9", key=text, author=text
    )
    credit.prepay(paying, Decimal(5), name=text, key=text, expires=None, author=text)
    for month in MONTHS:
        intake.note(
            [Event(paying.pk, ours[:30], f"{text}/{month}", at(f"{month}-10"), Decimal(3),
                   properties={"po": text}, reason=text)]
        )  # fmt: skip
    _bill(paying.pk, text)
    new_source(code[:30], ours, by=ours)
    MonthFigure.objects.create(
        account=paying, month="2026-04", currency="USD", retail=3, wholesale=1, minutes=1, work=1,
        infrastructure=0, documents=1, trouble=text, made_at=clock.now(),
    )  # fmt: skip


def _bill(account_id: int, text: str) -> None:
    """April is sent, so that they see it; of May there is a draft, so that they do not."""
    for month in MONTHS:
        invoice = drafts.draft(account_id, month)
        assert invoice is not None
        if month == MONTHS[0]:
            sent = final.finalise(invoice.pk, seen=invoice.hash, by=text)
            invoice_states.become(sent.pk, "sent", by=text, text=text)
    with connection.cursor() as cursor:  # a run that failed for them
        cursor.execute(
            "INSERT INTO billing_invoicerun (month, state, made, last_account, of, failed, started_by)"
            " VALUES ('2026-05', 'done', 1, 0, 1, jsonb_build_object(%s::text, jsonb_build_array(%s::text,"
            " %s::text)), %s)",
            [str(account_id), text, text, text],
        )
