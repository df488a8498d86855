"""Cases open with their first problem, count what they hold, and close with their last."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from integrations.domain.health import EndpointDown
from integrations.domain.problems import Opened
from integrations.models import Endpoint, Message
from monitoring import taxonomy
from monitoring.models import CaseEvent, ExceptionCase
from monitoring.models.case import endpoint_fingerprint
from portal.core import clock, retry

# A document that came again counts once: the earlier one is on its way out.
_DOCUMENT = """CASE WHEN m.direction = 'in' AND m.business_key <> ''
    THEN m.endpoint_id || '/' || m.object_type || '/' || m.business_key ELSE m.id::text END"""
_RECOUNT = f"""
WITH held AS (
    SELECT f.fingerprint, count(DISTINCT {_DOCUMENT}) AS documents,
        max(p.opened_at) AS last_seen
    FROM unnest(%s::uuid[]) AS f(fingerprint)
    LEFT JOIN integrations_problem p ON p.fingerprint = f.fingerprint AND p.closed_at IS NULL
    LEFT JOIN integrations_message m ON m.id = p.message_id
    GROUP BY f.fingerprint
), risk AS (
    SELECT fingerprint, sum(amount) AS amount, max(currency) AS currency FROM (
        SELECT DISTINCT ON (p.fingerprint, coalesce(m.order_id::text, {_DOCUMENT})) p.fingerprint,
            coalesce(p.amount, r.amount) AS amount,
            coalesce(nullif(p.currency, ''), r.currency, '') AS currency
        FROM integrations_problem p
        JOIN integrations_message m ON m.id = p.message_id
        LEFT JOIN integrations_record r ON r.id = m.order_id
        WHERE p.fingerprint = ANY(%s) AND p.closed_at IS NULL
        ORDER BY p.fingerprint, coalesce(m.order_id::text, {_DOCUMENT}),
            coalesce(p.amount, r.amount) DESC NULLS LAST
    ) AS one_per_order
    GROUP BY fingerprint
)
UPDATE monitoring_exceptioncase c SET
    documents = CASE WHEN held.documents = 0 THEN c.most_documents ELSE held.documents END,
    most_documents = greatest(c.most_documents, held.documents),
    last_seen_at = coalesce(held.last_seen, c.last_seen_at),
    at_risk = CASE WHEN held.documents = 0 THEN c.most_at_risk ELSE coalesce(risk.amount, 0) END,
    most_at_risk = greatest(c.most_at_risk, risk.amount),
    currency = CASE WHEN held.documents = 0 THEN c.currency ELSE coalesce(risk.currency, '') END,
    state = CASE WHEN held.documents = 0 THEN 'resolved' ELSE c.state END,
    closed_at = CASE WHEN held.documents = 0 THEN now() END,
    resolution = CASE WHEN held.documents = 0 THEN %s ELSE c.resolution END
FROM held LEFT JOIN risk USING (fingerprint)
WHERE c.fingerprint = held.fingerprint AND c.state IN ('open', 'waiting')
RETURNING c.number, held.documents
"""
_OBJECTS = {"order": "an order", "shipment": "a shipment", "inventory": "a stock report"}


def open_for(opened: Sequence[Opened]) -> None:
    """Make sure each problem's cause has an open case, and bring the counts up to date."""
    first = {problem.fingerprint: problem for problem in reversed(opened)}
    known = set(
        ExceptionCase.objects.filter(
            fingerprint__in=first, state__in=ExceptionCase.OPEN_STATES
        ).values_list("fingerprint", flat=True)
    )
    labels = dict(
        Endpoint.objects.filter(pk__in={p.endpoint_id for p in first.values()}).values_list(
            "pk", "label"
        )
    )
    ours = _made_by_us([p.message_id for f, p in first.items() if f not in known])
    new = [
        _case(p, labels[p.endpoint_id], ours=p.message_id in ours)
        for f, p in first.items()
        if f not in known
    ]
    for case in ExceptionCase.objects.bulk_create(new):
        CaseEvent.objects.create(case=case, action="opened", text=f"Opened: {case.title}")
    recount(list(first))


def _made_by_us(message_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the documents that we sent: the customer never saw what stands in them."""
    sent = Message.objects.filter(pk__in=message_ids, direction="out")
    return set(sent.values_list("pk", flat=True))


def _case(opened: Opened, label: str, *, ours: bool) -> ExceptionCase:
    problem, kind = opened.problem, taxonomy.kind(opened.problem.code)
    words = {
        "value": problem.value or "(empty)",
        "path": problem.path or "the document",
        "endpoint": label,
        "object": _OBJECTS.get(opened.object_type, "a document"),
    }
    return ExceptionCase(
        customer_id=opened.customer_id,
        endpoint_id=opened.endpoint_id,
        fingerprint=opened.fingerprint,
        code=problem.code,
        severity=_severity(kind),
        object_type=opened.object_type,
        path=problem.path[:200],
        value=problem.value[:200],
        title=(kind.title.format(**words) if kind.title else problem.text)[:300],
        customer_title=_customer_title(kind, words, ours=ours),
    )


def _severity(kind: taxonomy.Kind) -> int:
    """At its opening. What passes by itself holds a document only after every try has failed."""
    waited = sum(retry.SCHEDULE) / 60 if kind.recovery == "retry" else 0
    return taxonomy.severity(kind, documents=1, minutes_open=waited)


def _customer_title(kind: taxonomy.Kind, words: dict[str, str], *, ours: bool) -> str:
    """The customer's words; none of theirs is about a value that our own side made."""
    text = taxonomy.WE_LOOK if ours and "{value}" in kind.customer_title else kind.customer_title
    return text.format(**words)[:300]


def recount(fingerprints: Sequence[UUID], *, actor: str = "", cause: str = "") -> None:
    """Count the open problems of these causes; a case without any closes itself and says why."""
    with connection.cursor() as cursor:
        cursor.execute(
            _RECOUNT,
            [list(fingerprints), list(fingerprints), cause[:300]],
        )
        closed = [number for number, documents in cursor.fetchall() if documents == 0]
    CaseEvent.objects.bulk_create(
        CaseEvent(
            case_id=number, actor=actor, action="closed", text=cause or "Nothing is held any more"
        )
        for number in closed
    )


def endpoint_down(event: EndpointDown) -> None:
    """One case for an endpoint that cannot be reached; its documents wait and are not cases."""
    endpoint = Endpoint.objects.get(pk=event.endpoint_id)
    kind = taxonomy.kind(event.code)
    words = {"endpoint": endpoint.label, "value": "", "path": "", "object": "documents"}
    case, created = ExceptionCase.objects.get_or_create(
        fingerprint=endpoint_fingerprint(event.endpoint_id),
        state__in=ExceptionCase.OPEN_STATES,
        defaults={
            "state": ExceptionCase.State.OPEN,
            "customer_id": event.customer_id,
            "endpoint": endpoint,
            "code": event.code,
            "severity": 1,
            "title": (kind.title or "{endpoint} cannot be reached").format(**words)[:300],
            "customer_title": (kind.customer_title or taxonomy.WE_LOOK).format(**words)[:300],
        },
    )
    action = "opened" if created else "again"
    CaseEvent.objects.create(case=case, action=action, text=event.text[:500])


def endpoint_up(endpoint_id: int) -> None:
    """The endpoint answers: its case closes itself."""
    case = ExceptionCase.objects.filter(
        fingerprint=endpoint_fingerprint(endpoint_id), state__in=ExceptionCase.OPEN_STATES
    ).first()
    if case:
        close(case, cause="It answers again; what waited goes out in order")


def close(case: ExceptionCase, *, cause: str, actor: str = "") -> None:
    """Close a case that has no problems of its own."""
    case.state, case.closed_at = ExceptionCase.State.RESOLVED, clock.now()
    case.resolution = cause[:300]
    case.save(update_fields=["state", "closed_at", "resolution"])
    CaseEvent.objects.create(case=case, actor=actor, action="closed", text=cause[:500])
