"""Who paused an endpoint, as the audit trail has it."""

from auditlog.models import LogEntry

from integrations.models import Endpoint


def paused_by(endpoint_id: int) -> str:
    """The name of the person; empty when it was no person, or nobody knows."""
    entry = (
        LogEntry.objects.get_for_objects(Endpoint.objects.filter(pk=endpoint_id))
        .filter(changes__state__1=Endpoint.State.PAUSED)
        .select_related("actor")
        .order_by("-pk")
        .first()
    )
    return str(entry.actor.name) if entry and entry.actor else ""
