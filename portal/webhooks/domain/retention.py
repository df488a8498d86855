"""The log goes back thirty days; what is older is deleted, a bounded piece at a time."""

from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from portal.core import clock
from portal.core.ids import first_id_at
from portal.webhooks.models import WebhookHour

KEPT: Final = timedelta(days=30)
_BITE: Final = 2_000  # events
_OLD: Final = "SELECT id FROM webhooks_webhookdelivery WHERE event_id = ANY(%s)"


@transaction.atomic
def drop_old() -> int:
    """Delete the oldest events beyond thirty days with all that was sent of them. Returns how many."""
    before = clock.now() - KEPT
    WebhookHour.objects.filter(hour__lt=before).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM webhooks_webhookevent WHERE id < %s ORDER BY id LIMIT %s",
            [first_id_at(before), _BITE],
        )
        old = [row[0] for row in cursor.fetchall()]
        if old:
            cursor.execute(
                f"DELETE FROM webhooks_webhookattempt WHERE delivery_id IN ({_OLD})", [old]
            )
            cursor.execute("DELETE FROM webhooks_webhookdelivery WHERE event_id = ANY(%s)", [old])
            cursor.execute("DELETE FROM webhooks_webhookevent WHERE id = ANY(%s)", [old])
    return len(old)
