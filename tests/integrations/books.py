"""Orders on their way to an ERP, and what the books say of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrations.models import Flow, Message
from integrations.queries.ledger import balance
from tests import pipeline


@pytest.fixture
def shop(kestrel):
    return pipeline.endpoint(kestrel.harbor, "shop", settings={})


@pytest.fixture
def erp(kestrel, sink):
    settings = {"url": sink.url}
    return pipeline.endpoint(kestrel.harbor, "erp", settings=settings, rate_per_second=1000)


def standing_flow(*between, **fields) -> Flow:
    """A flow that has stood for a day. What passes in a test is dated by the start of the test."""
    flow = pipeline.flow(*between, **fields)
    changed_at = timezone.now() - timedelta(days=1)
    Flow.objects.filter(pk=flow.pk).update(changed_at=changed_at)
    return flow


@pytest.fixture
def orders(kestrel, shop, erp):
    """Two orders on their way, delivered."""
    flow = standing_flow(shop, erp)
    pipeline.store(shop, pipeline.order("1"), pipeline.order("2"))
    pipeline.run(kestrel.harbor)
    return flow


def first(**filters) -> Message:
    return Message.objects.filter(**filters).order_by("id")[0]


def findings() -> list[tuple[str, str]]:
    return [(finding.id, finding.why) for finding in balance().findings]
