"""Subscriptions, what they used, and the invoices that were made of it: as a database would keep them."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from billing.invoices.content import Line
from billing.plans.fees import fees
from billing.plans.lines import Owed
from billing.plans.month import Month, month, month_after
from billing.plans.owed import due_lines
from billing.plans.term import Term
from billing.rating import Usage

FIRST = month("2026-01")


def months(through: Month) -> list[Month]:
    found = [FIRST]
    while found[-1] < through:
        found.append(month_after(found[-1]))
    return found


@dataclass
class Invoice:
    month: Month
    lines: tuple[Line, ...]
    stands: bool = True
    given_back: dict = field(default_factory=lambda: defaultdict(Decimal))

    @property
    def amount(self):
        return sum((line.amount for line in self.lines), Decimal(0))


class Books:
    def __init__(self, *terms: Term) -> None:
        self.terms = {one.key: one for one in terms}
        self.usage = defaultdict(Decimal)
        self.discounts = {}
        self.invoices = []

    def term_in(self, key: int, of: Month) -> Term:
        """With what was used in the month."""
        term = self.terms[key]
        usage = {
            charge.key: Usage(self.usage[key, of.key, charge.key])
            for charge in term.content.charges
            if charge.metric
        }
        discounts = self.discounts.get((key, of.key), ())
        return replace(term, usage=usage, discounts=discounts)

    def owed(self, through: Month) -> list[Owed]:
        """Of each month, and of the one after."""
        return [
            Owed(term, of, fee)
            for key in self.terms
            for of in months(month_after(through))
            for term in [self.term_in(key, of)]
            for fee in fees(term, of)
        ]

    def billed(self):
        found = defaultdict(Decimal)
        for invoice in self.invoices:
            if invoice.stands:
                for line in invoice.lines:
                    subscription, service, fee = line.key.split("/", 2)
                    found[int(subscription), service, fee] += line.amount
                for key, amount in invoice.given_back.items():
                    found[key] -= amount
        return dict(found)

    def invoice(self, of: Month) -> Invoice:
        made = due_lines(self.owed(of), self.billed(), of, known=self.terms.values())
        self.invoices.append(Invoice(of, made))
        return self.invoices[-1]

    def end(self, key: int, day: date) -> None:
        self.terms[key] = replace(self.terms[key], ends=day)

    def change(self, key: int, day: date, content) -> int:
        """Another plan from a day on: another subscription that goes on from this one."""
        old, new = self.terms[key], max(self.terms) + 1
        self.end(key, max(day, old.begins))
        self.terms[new] = replace(
            old, key=new, content=content, begins=max(day, old.begins), since=old.first_day
        )
        return new
