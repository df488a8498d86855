"""One position of what a subscription owes for a month."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from billing.invoices.content import Step
from billing.plans.content import Due

Origin = Literal["charge", "commitment", "cap", "discount"]


@dataclass(frozen=True, slots=True)
class Fee:
    """`key` is unique in the subscription and month: that of the charge, or "#commitment", "#cap",
    "#discount/0".

    `gross`, `discount` and `amount` are rounded to the currency, and `gross` − `discount` = `amount`. The
    steps add up to `gross` before it was rounded. `quantity` and `unit_amount` are None for what is not
    counted. `detail` is a sentence or nothing. From `begins` up to and without `ends` are the days it is for.
    """

    key: str
    origin: Origin
    name: str
    detail: str
    due: Due
    quantity: Decimal | None
    unit_amount: Decimal | None
    gross: Decimal
    discount: Decimal
    amount: Decimal
    steps: tuple[Step, ...]
    metric: str
    charge: str
    begins: date
    ends: date
