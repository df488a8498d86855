"""A partner opens with the lane that keeps house here."""

from django_tenants.utils import get_public_schema_name

from portal.core.events import subscribe
from portal.jobs import lanes
from portal.tenants.opening import PartnerOpened
from portal.webhooks.domain.outbox import LANE


@subscribe(PartnerOpened)
def begin_ticking(event: PartnerOpened) -> None:
    if event.schema != get_public_schema_name():
        lanes.begin(LANE, schema=event.schema)
