"""Cases on a desk, made by hand, and reading what a page shows of them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from monitoring.models import CaseCause, ExceptionCase
from tests.pages.scenery import page, texts

NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")  # a Monday


def make(endpoint: Any, title: str, **fields: Any) -> ExceptionCase:
    """A case that holds nothing, with its cause."""
    case = ExceptionCase.objects.create(
        customer_id=endpoint.customer_id,
        endpoint=endpoint,
        fingerprint=uuid4(),
        code=fields.pop("code", "unknown_sku"),
        severity=fields.pop("severity", 2),
        at_risk=Decimal(fields.pop("at_risk", 0)),
        currency=fields.pop("currency", "USD"),
        title=title,
        customer_title=title,
        object_type="order",
        **fields,
    )
    CaseCause.objects.create(
        case=case, fingerprint=case.fingerprint, is_open=case.closed_at is None
    )
    return case


def titles(response: Any) -> list[str]:
    return texts(page(response), "#cases tbody td.main a")


def cell(response: Any, case: ExceptionCase, name: str) -> str:
    """The text of one column of one row."""
    [found] = texts(page(response), f"#case-{case.pk} td.{name}")
    return found
