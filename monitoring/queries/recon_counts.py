"""Whether somebody counted stock since it was compared last."""

from typing import Final

from django.db import connection

from monitoring.models import Reconciliation, ReconRun
from portal.core.ids import first_id_at

# What a 947 calls a physical count, by code and in words.
_COUNTS: Final = ("AA", "PHYSICAL COUNT", "CYCLE COUNT", "COUNT")


def counted_since_last_run(one: Reconciliation) -> bool:
    """An adjustment after a count came in since the last full run that was not a repeat began."""
    runs = ReconRun.objects.filter(reconciliation=one, light=False, of=None, began_at__isnull=False)
    began_at = runs.order_by("-pk").values_list("began_at", flat=True).first()
    if began_at is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (
                SELECT 1 FROM integrations_record r, jsonb_array_elements(r.body->'lines') AS line
                WHERE r.customer_id = %s AND r.object_type = 'adjustment' AND r.id >= %s
                AND upper(line->>'reason') = ANY(%s)
                AND NOT EXISTS (SELECT 1 FROM monitoring_correction c WHERE c.record_id = r.id))
            """,
            [one.customer_id, first_id_at(began_at), list(_COUNTS)],
        )
        return bool(cursor.fetchone()[0])
