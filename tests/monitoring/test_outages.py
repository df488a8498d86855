"""When the way to an endpoint was closed is written down."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from integrations.domain.health import EndpointDown, EndpointUp
from monitoring.models import Outage
from portal.core import clock
from portal.core.events import publish

pytestmark = pytest.mark.db
NOON = clock.now().replace(year=2026, month=3, day=2, hour=12)


def down(endpoint: Any, since: datetime | None = None) -> None:
    since = since or clock.now()
    text = "No answer in 10 s"
    publish(EndpointDown(endpoint.pk, endpoint.customer_id, "timeout", text, False, since))


def up(endpoint: Any, failed_until: datetime | None = None) -> None:
    publish(EndpointUp(endpoint.pk, endpoint.customer_id, failed_until or clock.now()))


def test_an_outage_lasts_from_the_first_call_that_failed_to_the_first_answer(harbor: Any) -> None:
    with clock.freeze(NOON) as now:
        down(harbor.erp, since=NOON - timedelta(minutes=2))
        now.move(600)
        up(harbor.erp, failed_until=NOON + timedelta(minutes=7))
    found = Outage.objects.get()
    assert (found.endpoint, found.code) == (harbor.erp, "timeout")
    assert found.ended_at is not None
    assert found.ended_at - found.began_at == timedelta(minutes=12)
    assert found.failed_until == NOON + timedelta(minutes=7)


def test_a_breaker_that_opens_again_meanwhile_is_the_same_outage(harbor: Any) -> None:
    down(harbor.erp)
    down(harbor.erp)
    assert Outage.objects.count() == 1


def test_each_endpoint_has_outages_of_its_own(harbor: Any) -> None:
    down(harbor.erp)
    down(harbor.shop)
    up(harbor.shop)
    assert Outage.objects.get(ended_at=None).endpoint == harbor.erp
