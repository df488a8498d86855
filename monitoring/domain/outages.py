"""Writing down when endpoints went and came back."""

from integrations.domain.health import EndpointDown
from monitoring.models import Outage
from portal.core import clock


def began(event: EndpointDown) -> None:
    """The way closed now. One that is closed already stays as it is."""
    outage = Outage(
        customer_id=event.customer_id,
        endpoint_id=event.endpoint_id,
        code=event.code,
        text=event.text[:300],
        began_at=clock.now(),
    )
    Outage.objects.bulk_create([outage], ignore_conflicts=True)


def ended(endpoint_id: int) -> None:
    """The way is open again."""
    Outage.objects.filter(endpoint=endpoint_id, ended_at=None).update(ended_at=clock.now())
