"""Telling of a case whatever the rules say: they may know no way but the one that is broken."""

from collections.abc import Callable, Sequence

from monitoring.alerting import keys
from monitoring.domain.alerts.outbox import Outbox
from monitoring.domain.alerts.receivers import Receiver
from monitoring.models import Alert, AlertRule, ExceptionCase
from portal.core import clock
from portal.tenants.site import Site, current_site


def tell(case: ExceptionCase, receivers: Callable[[Site], Sequence[Receiver]]) -> None:
    """Once each time it begins. `receivers` are asked for only then."""
    key, now = keys.of_case(case.pk), clock.now()
    if Alert.objects.filter(key=key, over_at=None, round=case.times_back).exists():
        return
    site = current_site()
    alert = Alert(
        key=key, case=case, round=case.times_back, customer_id=case.customer_id,
        endpoint_id=case.endpoint_id, severity=case.severity, title=case.title, raised_at=now,
    )  # fmt: skip
    Alert.objects.bulk_create([alert], ignore_conflicts=True)
    kept = Alert.objects.select_related("case", "customer", "endpoint").get(key=key, over_at=None)
    outbox = Outbox(site, now=now)
    outbox.know([kept])
    outbox.tell(kept, AlertRule(), list(receivers(site)), "raised")
    outbox.write()
