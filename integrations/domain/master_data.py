"""Products that a person adds by hand, because no system has told of them."""

import json
from typing import Any

from django.db import transaction

from integrations.canonical.content import content_hash
from integrations.canonical.keys import business_key
from integrations.canonical.validation import validate
from integrations.domain import hub
from integrations.domain.hub import Milestone, Offer
from integrations.models import Record


class KnownAlreadyError(ValueError):
    """The customer has a product of this number."""


def objections(sku: str, *, title: str, uom: str) -> list[str]:
    """What the schema of products says against it, in words; nothing when it is good."""
    return [problem.text for problem in validate("product", _body(sku, title, uom))]


def _body(sku: str, title: str, uom: str) -> dict[str, Any]:
    return {"sku": sku, "title": title, "status": "active", "base_uom": uom}


@transaction.atomic
def put_product(
    customer_id: int, sku: str, *, title: str, uom: str, endpoint_id: int, by: str
) -> None:
    """Make it a product of the customer. KnownAlreadyError when it is one.

    What a system tells of it later takes its place: systems know their products better.
    """
    if Record.objects.filter(
        customer_id=customer_id, object_type="product", business_key=sku
    ).exists():
        raise KnownAlreadyError(f"{sku} is a product already.")
    _offer(customer_id, endpoint_id, _body(sku, title, uom), cause=f"Added by {by}")


def discontinue(customer_id: int, sku: str, *, by: str) -> None:
    """It stays known, for what was done with it, and nothing new is sold of it."""
    record = Record.objects.filter(
        customer_id=customer_id, object_type="product", business_key=sku
    ).first()
    if record and record.source_id:
        body = {**record.body, "status": "discontinued"}
        _offer(customer_id, record.source_id, body, cause=f"Taken back by {by}")


def _offer(customer_id: int, endpoint_id: int, body: dict[str, Any], *, cause: str) -> None:
    key = business_key("product", body)
    text = json.dumps(body, ensure_ascii=False)
    offer = Offer(None, endpoint_id, "product", key, body, text, content_hash(body))
    changes = hub.apply(customer_id, [offer])
    hub.mark(customer_id, [Milestone(change.record.id, "", cause) for change in changes])
