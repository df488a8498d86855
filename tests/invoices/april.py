"""What Harbor Outfitters is charged for April 2026: 1,127.26 of charges, and what is taken off them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from billing.invoices.content import (
    FORM,
    Content,
    CreditUsed,
    Issuer,
    Line,
    Period,
    Recipient,
    Step,
    Tax,
)

D = Decimal
APRIL_1, MAY_1, JUNE_1 = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)


def step(kind, quantity, price, amount, above=None, up_to=None):
    numbers = (None if one is None else D(one) for one in (quantity, price, amount, above, up_to))
    return Step(kind, *numbers)


def line(key, gross, **more):
    known = {
        "key": f"7/2026-04/{key}", "origin": "charge", "name": key, "detail": "", "service": "2026-04",
        "begins": APRIL_1, "ends": MAY_1, "quantity": None, "unit": "", "unit_amount": None,
        "gross": D(gross), "discount": D(0), "amount": D(gross), "plan": "Standard", "version": 3,
        "subscription": 7, "charge": key,
    }  # fmt: skip
    return Line(**(known | more))


BASE = line(
    "base", "500.00", name="Standard plan", service="2026-05", begins=MAY_1, ends=JUNE_1,
    detail="charged in advance", steps=(step("flat", 1, "500", "500"),),
)  # fmt: skip
DOCUMENTS = line(
    "documents", "155.00", name="Documents delivered", quantity=D(250), unit="documents",
    unit_amount=D("0.62"), metric="documents", discount=D("15.50"), amount=D("139.50"),
    detail="10 % off in the first year",
    steps=(
        step("units", 100, "1", "100", 0, 100), step("units", 100, "0.5", "50", 100, 200),
        step("units", 50, "0.1", "5", 200),
    ),
)  # fmt: skip
LABELS = line(
    "labels", "61.73", name="Labels printed", quantity=D("1234.5"), unit="labels", unit_amount=D("0.05"),
    metric="labels", steps=(step("units", "1234.5", "0.05", "61.725", 0),),
)  # fmt: skip  # 1,234.5 × 0.05 = 61.725
PAYMENTS = line(
    "payments", "410.53", name="Payments passed on", quantity=D("30211"), unit="USD", metric="payments",
    unit_amount=D("0.013588759"),
    steps=(
        step("free", "500", 0, 0, 0), step("percent", "29711", "1.2", "356.532"),
        step("fixed", 540, "0.10", "54"),
    ),
)  # fmt: skip  # 356.532 + 54 = 410.532
MARCH = line(
    "march", "12.00", origin="adjustment", name="Documents delivered", service="2026-03",
    begins=date(2026, 3, 1), ends=APRIL_1, quantity=D(320), unit="documents",
    detail="documents that were reported late", before=D("150.00"),
    steps=(
        step("units", 100, "1", "100", 0, 100), step("units", 100, "0.5", "50", 100, 200),
        step("units", 120, "0.1", "12", 200),
    ),
)  # fmt: skip  # 162.00 − 150.00
SLA = line(
    "sla", "-61.20", origin="sla_credit", name="Service credit",
    detail="March 2026: 98.62 % instead of 99.0 %",
)  # fmt: skip

APRIL = Content(
    form=FORM, kind="invoice", number="2026-0042", issued=date(2026, 5, 2), due_on=JUNE_1,
    issuer=Issuer(
        "Kestrel Point", ("Kestrel Point LLC", "14 Quay Street", "Portland, OR 97201"), "93-1234567",
        "#0e5a68", ("Cascade Bank", "Account 000 123 456", "Routing 325 070 760"),
    ),
    recipient=Recipient(
        "harbor", "Harbor Outfitters", ("Accounts payable", "901 Harbor Road", "Seattle, WA 98101"),
        "91-7654321", "PO 4711",
    ),
    period=Period("2026-04", APRIL_1, MAY_1, "America/Los_Angeles"),
    currency="USD", lines=(MARCH, DOCUMENTS, LABELS, PAYMENTS, SLA, BASE),
    net=D("1062.56"),  # 12.00 + 139.50 + 61.73 + 410.53 − 61.20 + 500.00
    tax=Tax("standard", "Sales tax", D("8.5"), D("1062.56"), D("90.32")),  # 90.3176
    total=D("1152.88"),
    credits=(CreditUsed("Welcome credit", D("100.00"), D("40.00"), date(2026, 12, 31)),),
    due=D("1052.88"), terms="Net 30 days. Please name the invoice number when you pay.",
)  # fmt: skip
CREDIT_NOTE = replace(
    APRIL, kind="credit_note", number="2026-0043", due_on=None, lines=(LABELS,), net=D("61.73"),
    tax=replace(APRIL.tax, base=D("61.73"), amount=D("5.25")),  # 5.24705
    total=D("66.98"), credits=(), due=D("66.98"), corrects="2026-0042",
    reason="The labels were printed twice by our mistake.",
)  # fmt: skip
DRAFT = replace(APRIL, number=None, issued=None, due_on=None)
