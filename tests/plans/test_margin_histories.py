"""Whatever happens in whatever order: retail less wholesale is margin to the cent, at each step.

A partner with three customers, one of whom pays in another currency. Documents come late and are amended,
plans change within months, credit notes are given, invoices are made after each. `naive.py` counts
everything again, in whole cents, of the log of events alone.
"""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from billing.plans.content import PlanContent
from billing.plans.conversion import convert
from billing.plans.fees import fees
from billing.plans.lines import Owed
from billing.plans.margin import WholesaleFee, margins
from billing.plans.month import Month, month
from billing.plans.owed import due_lines
from billing.plans.term import Discount, Term, billable_days
from billing.rating import Usage
from tests.plans import naive
from tests.plans.naive import Event, Stay, Tariff
from tests.plans.scenery import fixed, metered, plan

MONTHS = [month(f"2026-0{number}") for number in (1, 2, 3)]
FIRST, END = date(2026, 1, 1), date(2026, 4, 1)
CUSTOMERS = {"acme": "EUR", "bolt": "EUR", "core": "USD"}
RATE = Fraction(9137, 10_000)  # euros of a dollar
PARTNER = "partner"


def money(cents: int | Fraction) -> str:
    return f"{Decimal(Fraction(cents).numerator) / Fraction(cents).denominator / 100:f}"


def content_of(tariff: Tariff, currency: str) -> PlanContent:
    documents = metered(price=money(tariff.price), included=str(tariff.included))
    if tariff.upper is not None:
        tiers = [
            {"up_to": "100", "unit_amount": money(tariff.price)},
            {"up_to": None, "unit_amount": money(tariff.upper)},
        ]
        documents |= {"model": "graduated", "terms": {"tiers": tiers}}
    base = fixed(amount=money(tariff.fixed))
    return plan(base, documents, currency=currency, commitment=money(tariff.commitment))


def some_tariff(chance: random.Random) -> Tariff:
    return Tariff(
        fixed=chance.randrange(20_000),
        price=Fraction(chance.randrange(1, 5000), 100),
        included=chance.choice([0, 0, 7, 40]),
        commitment=chance.choice([0, 0, 12_345]),
        percent=chance.choice([0, 0, 10, 15]),
        upper=chance.choice([None, Fraction(chance.randrange(1, 3000), 100)]),
    )


class Account:
    """Who pays, through the code under test: terms, what was billed, and what was credited."""

    def __init__(self, tariff: Tariff, currency: str, events: list[Event]) -> None:
        self.currency, self.events = currency, events
        self.stays: list[Stay] = []
        self.terms: list[Term] = []
        self.billed: dict[tuple[int, str, str], Decimal] = defaultdict(Decimal)
        self.credited = 0
        self.begin(tariff, FIRST)

    def begin(self, tariff: Tariff, day: date) -> None:
        """Another tariff from a day on."""
        if self.stays:
            self.stays[-1] = self.stays[-1]._replace(ends=day)
            self.terms[-1] = replace(self.terms[-1], ends=day)
        self.stays.append(Stay(tariff, day, END))
        off = Discount("Agreed", percent=Decimal(tariff.percent))
        content = content_of(tariff, self.currency)
        key = len(self.terms) + 1
        self.terms.append(Term(key, "Plan", 1, content, day, END, discounts=(off,), since=FIRST))

    def invoice(self, of: Month) -> None:
        owed = [
            one for term in self.terms for each in MONTHS if each <= of
            for one in self._owed(term, each)
        ]  # fmt: skip
        for line in due_lines(owed, self.billed, of, known=self.terms):
            service, fee = line.service, line.key.split("/", 2)[2]
            self.billed[line.subscription, service, fee] += line.amount

    def _owed(self, term: Term, of: Month) -> list[Owed]:
        if not (days := billable_days(term, of)):
            return []
        used = sum(one.quantity for one in self.events if days[0] <= one.day < days[1])
        term = replace(term, usage={"documents": Usage(Decimal(used))})
        return [Owed(term, of, fee) for fee in fees(term, of)]

    @property
    def amount(self) -> Decimal:
        return sum(self.billed.values(), Decimal(0)) - Decimal(self.credited) / 100

    def naive_cents(self, through: Month) -> dict[tuple[int, str, str], int]:
        return {
            (at, of.key, fee): cents
            for at, stay in enumerate(self.stays, 1)
            for of in MONTHS
            if of <= through
            for fee, cents in naive.cents_of(
                stay, self.events, of.begins.year, of.begins.month
            ).items()
        }


class History:
    """One history, step by step, out of a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = chance = random.Random(seed)
        self.log: dict[str, list[Event]] = {one: [] for one in CUSTOMERS}
        self.all: list[Event] = []
        self.retail = {
            one: Account(some_tariff(chance), currency, self.log[one])
            for one, currency in CUSTOMERS.items()
        }
        self.wholesale = Account(some_tariff(chance), "EUR", self.all)
        self.now = 0

    def step(self) -> None:
        """Something happens, and everything is billed; sometimes a month is over."""
        happening = self.chance.choice([self.use, self.use, self.amend, self.change, self.credit])
        happening(self.chance.choice([*CUSTOMERS]))
        self.now = min(self.now + self.chance.randrange(2), len(MONTHS) - 1)
        for account in (*self.retail.values(), self.wholesale):
            account.invoice(MONTHS[self.now])

    def use(self, customer: str) -> None:
        """On any day up to now, so that much of it comes late."""
        days = (MONTHS[self.now].ends - FIRST).days
        day = FIRST + timedelta(days=self.chance.randrange(days))
        self.tell(Event(customer, day, self.chance.randrange(1, 160)))

    def amend(self, customer: str) -> None:
        """A part of one event is taken away, if there is any left."""
        events = self.log[customer]
        if not events:
            return self.use(customer)
        day = self.chance.choice(events).day
        left = sum(one.quantity for one in events if one.day == day)
        return self.tell(Event(customer, day, -self.chance.randrange(left + 1)))

    def tell(self, event: Event) -> None:
        self.log[event.customer].append(event)
        self.all.append(event)

    def change(self, customer: str) -> None:
        """A customer's plan, or that of the partner, from a day on that may lie in the past."""
        account = self.chance.choice([self.retail[customer], self.wholesale])
        since = account.stays[-1].begins
        day = since + timedelta(days=self.chance.randrange((END - since).days))
        account.begin(some_tariff(self.chance), day)

    def credit(self, customer: str) -> None:
        account = self.chance.choice([self.retail[customer], self.wholesale])
        account.credited += self.chance.randrange(1, 3000)

    def weights(self, of: str) -> dict[str, int]:
        """Documents of the month by customer."""
        number = month(of).begins.month
        return {
            one: sum(event.quantity for event in events if event.day.month == number)
            for one, events in self.log.items()
        }

    def found(self):
        """By the code under test."""
        rate = Decimal(RATE.numerator) / RATE.denominator
        retail = {
            one: account.amount
            if account.currency == "EUR"
            else convert(account.amount, rate, "EUR")
            for one, account in self.retail.items()
        }
        costs = [
            WholesaleFee(amount, {one: Decimal(n) for one, n in self.weights(service).items()})
            for (_, service, _), amount in sorted(self.wholesale.billed.items())
        ]
        costs.append(WholesaleFee(-Decimal(self.wholesale.credited) / 100, {}))
        return margins(retail, costs, currency="EUR")

    def expected(self) -> tuple[dict[str, int], dict[str, int]]:
        """Retail and wholesale of each customer in cents, counted again."""
        through = MONTHS[self.now]
        retail = {}
        for one, account in self.retail.items():
            cents = sum(account.naive_cents(through).values()) - account.credited
            retail[one] = cents if account.currency == "EUR" else naive.half_up(cents * RATE)
        borne = dict.fromkeys(CUSTOMERS, 0)
        fees = [(of, cents) for (_, of, _), cents in self.wholesale.naive_cents(through).items()]
        shares = [(cents, [*self.weights(of).values()]) for of, cents in fees]
        shares.append((-self.wholesale.credited, [0, 0, 0]))
        for cents, weights in shares:
            for one, part in zip(CUSTOMERS, naive.split(cents, weights), strict=True):
                borne[one] += part
        return retail, borne


def check(seed: int, steps: int = 6) -> None:
    history = History(seed)
    for number in range(steps):
        history.step()
        found, (retail, borne) = history.found(), history.expected()
        where = f"seed {seed}, step {number}"
        for one in CUSTOMERS:
            cents = [amount * 100 for amount in found.by_customer[one][:3]]
            assert cents == [retail[one], borne[one], retail[one] - borne[one]], where
        together = [sum(retail.values()), sum(borne.values())]
        assert [amount * 100 for amount in found.total[:3]] == [
            *together, together[0] - together[1],
        ], where  # fmt: skip


def test_margins_of_500_histories():
    for seed in range(500):
        check(seed)


@pytest.mark.timed
def test_margins_of_10_000_histories():
    for seed in range(10_000):
        check(seed)
