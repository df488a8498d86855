"""Writing down when endpoints went and came back."""

from integrations.domain.health import EndpointDown, EndpointUp
from monitoring.models import Outage
from portal.core import clock


def began(event: EndpointDown) -> None:
    """The way closed now. One that is closed already stays as it is."""
    outage = Outage(
        customer_id=event.customer_id,
        endpoint_id=event.endpoint_id,
        code=event.code,
        text=event.text[:300],
        began_at=event.since,
    )
    Outage.objects.bulk_create([outage], ignore_conflicts=True)


def ended(event: EndpointUp) -> None:
    """The way is open again."""
    Outage.objects.filter(endpoint=event.endpoint_id, ended_at=None).update(
        ended_at=clock.now(), failed_until=event.failed_until
    )
