"""What the floors below tell: partners that open, documents that moved."""

from datetime import timedelta

from django_tenants.utils import get_public_schema_name

from billing.domain import catalogue
from billing.tasks import METER, METER_DAYS, MONEY
from integrations.domain.messages import DocumentsMoved
from portal.core import clock
from portal.core.events import subscribe
from portal.jobs import lanes
from portal.tenants.opening import PartnerOpened

LANES = (METER, METER_DAYS, MONEY)
METER_AFTER = timedelta(seconds=1)


@subscribe(DocumentsMoved)
def meter_soon(_: DocumentsMoved) -> None:
    lanes.wake(METER, at=clock.now() + METER_AFTER)


@subscribe(PartnerOpened)
def begin_ticking(event: PartnerOpened) -> None:
    if event.schema != get_public_schema_name():
        for lane in LANES:
            lanes.begin(lane, schema=event.schema)


@subscribe(PartnerOpened)
def name_metrics(_: PartnerOpened) -> None:
    catalogue.ensure_metrics()
