"""Invoices and credit notes whose sums fit, made up."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from billing.invoices.content import CreditUsed
from portal.core.currencies import minor_unit
from portal.core.money import add_up, round_money
from tests.invoices.april import APRIL, BASE

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
ORIGINS = st.sampled_from(
    ["charge", "commitment", "cap", "discount", "adjustment", "one_off", "sla_credit", "credit"]
)


def amounts(currency, low, high):
    places = minor_unit(currency)
    return st.integers(low, high).map(lambda n: Decimal(n).scaleb(-places))


@st.composite
def lines(draw, currency):
    """A line below zero is one that takes something off."""
    origin = draw(ORIGINS)
    gross = draw(amounts(currency, -(10**12), 10**12))
    is_lowered = origin == "charge" and gross > 0
    discount = draw(amounts(currency, 0, 10**12)) if is_lowered else Decimal(0)
    discount = min(discount, gross) if is_lowered else discount
    return replace(
        BASE, origin=origin, name=draw(TEXT), gross=gross, discount=discount, amount=gross - discount,
        before=draw(st.none() | amounts(currency, 0, 10**6)),
    )  # fmt: skip


@st.composite
def documents(draw, number="1"):
    currency = draw(st.sampled_from(["USD", "JPY", "KWD"]))
    found = tuple(draw(st.lists(lines(currency), max_size=6)))
    net = add_up(line.amount for line in found)
    percent = draw(st.sampled_from([Decimal(0), Decimal("8.5"), Decimal(20)]))
    tax = replace(
        APRIL.tax, percent=percent, base=net, amount=round_money(net * percent / 100, currency)
    )
    total = net + tax.amount
    kind = draw(st.sampled_from(["invoice", "credit_note"]))
    kept = min(draw(amounts(currency, 0, 10**12)), max(total, Decimal(0)))
    used = (CreditUsed(draw(TEXT), kept, Decimal(0)),) if kind == "invoice" and kept else ()
    return replace(
        APRIL, kind=kind, number=number, issued=draw(st.dates(date(2026, 5, 1), date(2026, 5, 31))),
        currency=currency, lines=found, net=net, tax=tax, total=total, credits=used,
        due=max(total, Decimal(0)) - kept, recipient=replace(APRIL.recipient, name=draw(TEXT)),
    )  # fmt: skip
