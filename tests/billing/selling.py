"""Plans, subscriptions and invoices as the tests of billing make them."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from billing.domain import drafts, final, plans, subscriptions
from billing.invoices import reading
from billing.invoices.content import Content
from billing.models import Account, Invoice, Metric, PlanVersion, Subscription

ANA = SimpleNamespace(pk=1, name="Ana Ruiz")
BEN = SimpleNamespace(pk=2, name="Ben Okoye")

DOCUMENTS = {
    "key": "documents", "name": "Documents", "metric": "documents", "model": "standard",
    "terms": {"unit_amount": "2"},
}  # fmt: skip
BASE = {"key": "base", "name": "Monitoring", "metric": "", "model": "flat", "terms": {"amount": "100"}}  # fmt: skip


def metric(code: str = "documents", **more: Any) -> Metric:
    """A metric that adds up quantities of documents, whatever the product counts under this code."""
    values = {"name": code.title(), "unit": "document", "kinds": ["document"], "aggregation": "sum"}
    return Metric.objects.update_or_create(code=code, defaults={**values, "filters": {}, **more})[0]


def published(*charges: dict[str, Any], slug: str = "basic", **content: Any) -> PlanVersion:
    """A published plan with these charges, in US dollars."""
    metric()
    said = {"currency": "USD", "charges": list(charges) or [BASE, DOCUMENTS], **content}
    version = plans.begin(slug.title(), slug, said, author=ANA)
    return publish(version)


def publish(version: PlanVersion, *, moves: bool = False, from_month: str = "") -> PlanVersion:
    return plans.publish(
        version, edition=version.edition, by=BEN, note="", moves=moves, from_month=from_month,
        second_person=False,
    )  # fmt: skip


def sell(
    account: Account, version: PlanVersion | None = None, *, begins: str = "2026-04-01", **more: Any
) -> Subscription:
    return subscriptions.subscribe(
        account, version or published(), begins=date.fromisoformat(begins), by="Ana Ruiz", **more
    )


def drafted(account: Account, month: str = "2026-04") -> Invoice:
    invoice = drafts.draft(account.pk, month)
    assert invoice is not None
    return invoice


def final_of(account: Account, month: str = "2026-04") -> Invoice:
    invoice = drafted(account, month)
    return final.finalise(invoice.pk, seen=invoice.hash, by="Ana Ruiz")


def said(invoice: Invoice) -> Content:
    invoice.refresh_from_db()
    return reading.read(bytes(invoice.content))


def amounts(invoice: Invoice) -> dict[str, str]:
    """What each line is about and its amount."""
    return {f"{line.service} {line.name}": f"{line.amount:.2f}" for line in said(invoice).lines}
