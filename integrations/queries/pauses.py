"""Who paused an endpoint, as the audit trail has it."""

from auditlog.models import LogEntry

from integrations.models import Endpoint
from portal.tenants.rows import beyond_limit


def paused_by(endpoint_id: int) -> str:
    """The name of the person, of an endpoint that was found under the asker's limit; empty when it was
    no person, or nobody knows."""
    with beyond_limit():  # whoever sees the endpoint may know, whoever it was
        entry = (
            LogEntry.objects.get_for_objects(Endpoint.objects.filter(pk=endpoint_id))
            .filter(changes__state__1=Endpoint.State.PAUSED)
            .select_related("actor")
            .order_by("-pk")
            .first()
        )
    return str(entry.actor.name) if entry and entry.actor else ""
