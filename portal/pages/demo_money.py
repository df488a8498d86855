"""What the demo's partner sells, what it pays itself, and three months of a label printer's usage."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django_tenants.utils import get_public_schema_name, schema_context

from billing.catalogue import BUNDLES, WHOLESALE
from billing.domain import accounts, catalogue, credit, intake, plans, subscriptions
from billing.domain.intake import Event
from billing.models import Account, LegalEntity, Plan, PlanVersion, TaxRate
from billing.plans.month import Month, month, months_back
from portal.accounts.models import Person
from portal.core import clock
from portal.customers.models import Customer
from portal.tenants.models import Partner

PAST: Final = 3  # months
_SOLD: Final = ("monitoring-professional", "exceptions-professional")
_LABELS: Final = {
    "key": "labels", "name": "Shipping labels", "metric": "labels", "model": "graduated", "included": "100",
    "terms": {"tiers": [{"up_to": "500", "unit_amount": "0.25"}, {"up_to": None, "unit_amount": "0.15"}]},
}  # fmt: skip


def sell(*, author: Person, publisher: Person) -> None:
    """Set up what is not there yet: entity, plans, subscriptions, and the usage of past months."""
    if Plan.objects.exists():
        return
    first = months_back(month(accounts.month_now()), PAST)
    _entity()
    catalogue.ensure_metrics()
    catalogue.add_metric("labels", name="Labels", unit="label", kinds=["label"], aggregation="sum")
    sold = [_published(slug, author, publisher) for slug in _SOLD]
    sold.append(_labels(author, publisher))
    for customer in Customer.objects.order_by("pk"):
        account = _opened(customer, first)
        for version in sold:
            subscriptions.subscribe(account, version, begins=first.begins, by=author.name)
        intake.note([*_printed(account, first)])
    _agree(first, author)
    with schema_context(get_public_schema_name()):
        _wholesale(first)


def _entity() -> None:
    entity = accounts.entity()
    LegalEntity.objects.filter(pk=entity.pk).update(
        address="1400 Kestrel Point\nReno, NV 89502", tax_number="88-0000000",
        pay_to="First Harbor Bank\nRouting 000000000\nAccount 00000000",
        terms="Payable within 30 days.", hour_cost=Decimal(48), month_cost=Decimal(90),
    )  # fmt: skip
    TaxRate.objects.create(
        code="nv", name="Sales tax 8.265 %", percent=Decimal("8.265"), begins="2020-01-01"
    )


def _published(slug: str, author: Person, publisher: Person) -> PlanVersion:
    example = next(one for bundle in BUNDLES for one in bundle.examples if one.slug == slug)
    return _publish(example.name, slug, example.content, author, publisher)


def _labels(author: Person, publisher: Person) -> PlanVersion:
    content = {"currency": "USD", "charges": [_LABELS]}
    return _publish("Label printing", "label-printing", content, author, publisher, is_addon=True)


def _publish(
    name: str, slug: str, content: Any, author: Any, publisher: Any, **about: Any
) -> PlanVersion:
    draft = plans.begin(name, slug, {"currency": "USD", **content}, author=author, **about)
    return plans.publish(
        draft, edition=draft.edition, by=publisher, note="As agreed for the start", moves=False,
        from_month="", second_person=False,
    )  # fmt: skip


def _opened(customer: Customer, first: Month) -> Account:
    account = accounts.of_customer(customer)
    account.open_from = first.key
    account.treatment, account.tax_code = Account.Treatment.STANDARD, "nv"
    account.recipients = [f"accounts@{customer.slug}.example"]
    account.budget, account.alert_at = Decimal(1500), [50, 80, 100]
    account.save()
    return account


def _printed(account: Account, first: Month) -> Iterator[Event]:
    """What a label printer says it printed, every working day, more from month to month."""
    day, today = first.begins, clock.now().astimezone(UTC).date()
    while day < today:
        if day.weekday() < 5:
            at = datetime.combine(day, time(18), UTC)
            labels = 18 + (day - first.begins).days // 6 + account.pk % 5
            yield Event(
                account.pk, "label", f"printer/{account.slug}/{day}", at, Decimal(labels),
                properties={"carrier": "UPS"},
            )  # fmt: skip
        day += timedelta(days=1)


def _agree(first: Month, author: Person) -> None:
    """The first customer paid ahead and has a discount for the first half year."""
    account = Account.objects.order_by("pk").first()
    assert account is not None
    credit.prepay(
        account,
        Decimal(400),
        name="Paid ahead",
        key="demo-prepaid",
        expires=None,
        author=author.name,
    )
    sold = account.subscriptions.order_by("pk").first()
    assert sold is not None
    subscriptions.discount(
        sold, "First half year", begins=first.key, until=months_back(first, -5).key,
        percent=Decimal(10), reason="Agreed with the start", author=author.name,
    )  # fmt: skip


def _wholesale(first: Month) -> None:
    """What the partner pays the platform."""
    if Plan.objects.exists():
        return
    catalogue.ensure_metrics()
    staff: Any = Person.objects.order_by("pk").first()
    example = WHOLESALE.examples[0]
    version = _publish(example.name, example.slug, example.content, staff, staff)
    for partner in Partner.objects.exclude(schema_name=get_public_schema_name()):
        account = accounts.of_partner(partner)
        account.open_from = first.key
        account.save(update_fields=["open_from"])
        subscriptions.subscribe(account, version, begins=first.begins, by=staff.name)
