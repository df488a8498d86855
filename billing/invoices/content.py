"""What an invoice or a credit note says, as plain values: numbered and hashed as the canonical bytes of
`Content`.

Amounts are rounded to the currency's minor unit, except `Step.amount` and `Step.price`, which are as they
were rated. Everything a page, a mail, a PDF or an export says is read out of here, so that it cannot
change after it was made final.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

FORM: Final = "invoice/1"  # grows with every change of what an invoice holds

Kind = Literal["invoice", "credit_note"]
Origin = Literal[
    "charge", "commitment", "cap", "discount", "adjustment", "one_off", "sla_credit", "credit"
]
Treatment = Literal["standard", "reverse_charge", "exempt", "none"]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose name stands on it. `accent` is their colour as `#rrggbb`, `brand` the number of the version whose
    logo and foot it carries, 0 for none; `lines` their address."""

    name: str
    lines: tuple[str, ...]
    tax_number: str
    accent: str
    pay_to: tuple[str, ...] = ()
    brand: int = 0


@dataclass(frozen=True, slots=True)
class Recipient:
    slug: str
    name: str
    lines: tuple[str, ...]
    tax_number: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A month: `key` is YYYY-MM, from `begins` up to and without `ends`, by the clock of `zone`."""

    key: str
    begins: date
    ends: date
    zone: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of how an amount came about; see `billing.rating.Line`."""

    kind: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    above: Decimal | None = None
    up_to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One position.

    `key` is unique in the invoice and stays the same when it is made again. `service` is the month that is
    charged, which for a charge in advance or an adjustment is not the invoice's own. `quantity` is None
    for what is not counted; `unit` says in what it is counted. `gross` − `discount` = `amount`. `detail`
    is a sentence: days of a part month, what a discount is for. `before` of an adjustment is what was
    billed for it until then. `metric`, `subscription` and `charge` lead to the documents and the terms.
    """

    key: str
    origin: Origin
    name: str
    detail: str
    service: str
    begins: date
    ends: date
    quantity: Decimal | None
    unit: str
    unit_amount: Decimal | None
    gross: Decimal
    discount: Decimal
    amount: Decimal
    steps: tuple[Step, ...] = ()
    plan: str = ""
    version: int = 0
    subscription: int = 0
    charge: str = ""
    metric: str = ""
    before: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tax:
    """`percent` of `base`, rounded once. `note` is the sentence the law asks for where none is due."""

    treatment: Treatment
    name: str
    percent: Decimal
    base: Decimal
    amount: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class CreditUsed:
    """Prepaid money or an earlier credit that pays a part: `left` stays for later."""

    name: str
    amount: Decimal
    left: Decimal
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """`net` is the sum of the lines, `total` with tax, `due` what is left to pay.

    `number` is None until it is made final. Of a credit note all amounts are what is given back, above
    zero, and `corrects` is the number of the invoice it is about.
    """

    form: str
    kind: Kind
    number: str | None
    issued: date | None
    due_on: date | None
    issuer: Issuer
    recipient: Recipient
    period: Period
    currency: str
    lines: tuple[Line, ...]
    net: Decimal
    tax: Tax
    total: Decimal
    credits: tuple[CreditUsed, ...]
    due: Decimal
    terms: str = ""
    corrects: str = ""
    reason: str = ""
