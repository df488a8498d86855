"""What the floors below tell: a partner opened."""

from django_tenants.utils import get_public_schema_name

from portal.console.domain.pulse import LANE
from portal.core.events import subscribe
from portal.jobs import lanes
from portal.tenants.opening import PartnerOpened


@subscribe(PartnerOpened)
def begin_counting(event: PartnerOpened) -> None:
    if event.schema != get_public_schema_name():
        lanes.begin(LANE, schema=event.schema)
