"""What each case holds and puts at risk; a case that holds nothing any more closes itself."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from monitoring import taxonomy
from monitoring.domain import closing
from monitoring.models import ExceptionCase, Fix
from monitoring.models.case import endpoint_fingerprint

# A document that came again counts once: the earlier one is on its way out.
_DOCUMENT = """CASE WHEN m.direction = 'in' AND m.business_key <> ''
    THEN m.endpoint_id || '/' || m.object_type || '/' || m.business_key ELSE m.id::text END"""
# Locked before they are counted: of two passes at once the later one counts what both have done.
_LOCK = """
SELECT c.number FROM monitoring_exceptioncase c WHERE c.number IN (
    SELECT case_id FROM monitoring_casecause WHERE is_open AND fingerprint = ANY(%s))
AND NOT EXISTS (SELECT 1 FROM monitoring_fix f WHERE f.case_id = c.number AND f.state = ANY(%s))
ORDER BY c.number FOR UPDATE
"""
_RECOUNT = f"""
WITH open AS (
    SELECT k.case_id, p.opened_at, p.amount, p.currency, p.cutoff_at,
        p.cutoff_site, m.order_id, {_DOCUMENT} AS document
    FROM monitoring_casecause k
    JOIN integrations_problem p ON p.fingerprint = k.fingerprint AND p.closed_at IS NULL
    JOIN integrations_message m ON m.id = p.message_id
    WHERE k.is_open AND k.case_id = ANY(%(cases)s)
), held AS (
    SELECT case_id, count(DISTINCT document) AS documents, max(opened_at) AS last_seen FROM open
    GROUP BY 1
), risk AS (
    SELECT case_id, sum(amount) AS amount, max(currency) AS currency FROM (
        SELECT DISTINCT ON (o.case_id, coalesce(o.order_id::text, o.document)) o.case_id,
            coalesce(o.amount, r.amount) AS amount,
            coalesce(nullif(o.currency, ''), r.currency, '') AS currency
        FROM open o LEFT JOIN integrations_record r ON r.id = o.order_id
        ORDER BY o.case_id, coalesce(o.order_id::text, o.document),
            coalesce(o.amount, r.amount) DESC NULLS LAST
    ) AS one_per_order GROUP BY 1
), first_cutoff AS (
    SELECT DISTINCT ON (case_id) case_id, cutoff_at, cutoff_site, count(DISTINCT document) AS documents
    FROM open WHERE cutoff_at IS NOT NULL GROUP BY 1, 2, 3 ORDER BY case_id, cutoff_at, 4 DESC
)
UPDATE monitoring_exceptioncase c SET
    documents = coalesce(held.documents, 0),
    most_documents = greatest(c.most_documents, held.documents),
    last_seen_at = coalesce(held.last_seen, c.last_seen_at),
    at_risk = coalesce(risk.amount, 0),
    most_at_risk = greatest(c.most_at_risk, risk.amount),
    currency = coalesce(nullif(risk.currency, ''), c.currency),
    cutoff_at = first_cutoff.cutoff_at,
    cutoff_site = coalesce(first_cutoff.cutoff_site, ''),
    cutoff_documents = coalesce(first_cutoff.documents, 0)
FROM unnest(%(cases)s::bigint[]) AS ours(number)
LEFT JOIN held ON held.case_id = ours.number
LEFT JOIN risk ON risk.case_id = ours.number
LEFT JOIN first_cutoff ON first_cutoff.case_id = ours.number
WHERE c.number = ours.number
RETURNING c.number, c.documents
"""


def recount(fingerprints: Sequence[UUID], *, actor: str = "", cause: str = "") -> None:
    """Count what the open cases of these causes hold. A case without any closes itself and says why.

    One with a remedy under way waits for what becomes of its documents: the remedy counts it now and
    then and at its end, see `carrying`.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(fingerprints), list(Fix.RUNNING)])
        empty = _count([row[0] for row in cursor.fetchall()])
        closing.close(empty, actor=actor, cause=cause)


def recount_cases(numbers: Sequence[int]) -> list[int]:
    """Count what these cases hold, whatever is under way; returns those that hold nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM monitoring_exceptioncase WHERE number = ANY(%s)"
            " ORDER BY number FOR UPDATE",
            [list(numbers)],
        )
        return _count([row[0] for row in cursor.fetchall()])


def _count(cases: list[int]) -> list[int]:
    """Those of the locked cases that hold nothing any more."""
    if not cases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT, {"cases": cases})
        return sorted(number for number, documents in cursor.fetchall() if not documents)


def count_waiting() -> None:
    """What waits for endpoints that cannot be reached: documents, and the orders among them by value."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH waiting AS (
                SELECT c.number, count(*) AS documents, coalesce(sum(r.amount), 0) AS amount,
                    coalesce(max(r.currency), '') AS currency
                FROM monitoring_exceptioncase c
                JOIN integrations_message m ON m.endpoint_id = c.endpoint_id AND m.direction = 'out'
                    AND m.state IN ('waiting', 'sending')
                LEFT JOIN integrations_record r ON r.id = m.record_id AND r.object_type = 'order'
                WHERE c.closed_at IS NULL AND c.fingerprint = ANY(%s)
                GROUP BY 1
            )
            UPDATE monitoring_exceptioncase c SET documents = w.documents, at_risk = w.amount,
                currency = w.currency, most_documents = greatest(c.most_documents, w.documents),
                most_at_risk = greatest(c.most_at_risk, w.amount)
            FROM waiting w WHERE c.number = w.number
                AND (c.documents, c.at_risk) IS DISTINCT FROM (w.documents, w.amount)
            """,
            [[endpoint_fingerprint(pk) for pk in _unreachable()]],
        )


def _unreachable() -> list[int]:
    """Endpoints with an open case: few, whatever else is on the desk."""
    codes = [kind.code for kind in taxonomy.KINDS.values() if kind.category == "connection"]
    cases = ExceptionCase.objects.filter(closed_at=None, code__in=codes)
    return list(cases.values_list("endpoint_id", flat=True).distinct())
