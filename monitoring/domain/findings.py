"""Cases about what should be there and is not: nobody's document, found by looking.

A lane that looks reports what it finds, each time anew. The first report of a cause opens its case, later
ones bring it up to date, and one after its end brings it back; what is over is cleared.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from integrations.models import Endpoint
from monitoring import taxonomy
from monitoring.domain import clocks, closing, opening
from monitoring.models import CaseCause, CaseEvent, ExceptionCase
from portal.core import clock


class Finding(NamedTuple):
    """One cause as it is now. `fingerprint` names it for ever.

    `since`: when it began; a person who closed its case after that has seen it, and it stays closed.
    `evidence`: (label, text) lines for a person, `url` the page with the whole of it. `value` fills the
    title of its kind; `title` goes before that. `endpoint_id`: whose silence or difference it is.
    """

    fingerprint: UUID
    customer_id: int
    endpoint_id: int
    origin: ExceptionCase.Origin
    code: str
    since: datetime
    value: str = ""
    title: str = ""
    object_type: str = ""
    severity: int | None = None
    evidence: Sequence[tuple[str, str]] = ()
    url: str = ""
    documents: int = 0
    at_risk: Decimal = Decimal(0)
    currency: str = ""

    @property
    def stored_evidence(self) -> dict[str, object]:
        return {"lines": [[label, text] for label, text in self.evidence], "url": self.url}


def report(findings: Iterable[Finding]) -> dict[UUID, int]:
    """Make sure that each has an open case which says what is known now. Returns the numbers of the
    open cases by cause; those that a person ended are left out."""
    found = {finding.fingerprint: finding for finding in findings}
    return _keep(found) if found else {}


@transaction.atomic
def _keep(found: dict[UUID, Finding]) -> dict[UUID, int]:
    settled = _settled(found)
    wanted = {cause: one for cause, one in found.items() if cause not in settled}
    missing = wanted.keys() - _cases(wanted).keys()
    missing -= opening.bring_back(sorted(missing))
    _open([wanted[cause] for cause in sorted(missing)])
    numbers = _cases(wanted)
    for cause, number in numbers.items():
        _bring_up_to_date(number, wanted[cause])
    return numbers


def clear(fingerprints: Iterable[UUID], *, cause: str, actor: str = "") -> None:
    """It is over: close the cases of these causes, saying why."""
    closing.close(sorted(_cases(fingerprints).values()), cause=cause, actor=actor)


def _cases(fingerprints: Iterable[UUID]) -> dict[UUID, int]:
    causes = CaseCause.objects.filter(fingerprint__in=list(fingerprints), is_open=True)
    return dict(causes.values_list("fingerprint", "case_id"))


def _settled(found: dict[UUID, Finding]) -> set[UUID]:
    """Those whose last case a person ended after they began."""
    causes = (
        CaseCause.objects.filter(fingerprint__in=list(found), is_open=False)
        .order_by("fingerprint", "-id")
        .distinct("fingerprint")
    )
    last = causes.values_list("fingerprint", "case__state", "case__closed_at")
    return {
        fingerprint
        for fingerprint, state, closed_at in last
        if state == ExceptionCase.State.SKIPPED
        and closed_at
        and closed_at >= found[fingerprint].since
    }


def _open(findings: Sequence[Finding]) -> None:
    endpoints = Endpoint.objects.in_bulk({finding.endpoint_id for finding in findings})
    cases = [_case(finding, endpoints[finding.endpoint_id]) for finding in findings]
    opening.begin(ExceptionCase.objects.bulk_create(cases))


def _case(finding: Finding, endpoint: Endpoint) -> ExceptionCase:
    kind, now = taxonomy.kind(finding.code), clock.now()
    words = {
        "value": finding.value,
        "path": "",
        "endpoint": endpoint.label,
        "object": finding.object_type.replace("_", " ") or "documents",
    }
    return ExceptionCase(
        fingerprint=finding.fingerprint,
        origin=finding.origin,
        customer_id=finding.customer_id,
        endpoint=endpoint,
        code=finding.code,
        severity=finding.severity or kind.severity,
        object_type=finding.object_type,
        value=finding.value[:200],
        title=(finding.title or kind.title.format(**words))[:300],
        customer_title=kind.customer_title.format(**words)[:300],
        opened_at=now,
        began_at=now,
    )


def _bring_up_to_date(number: int, finding: Finding) -> None:
    """A case never gets milder while it is open; that it got worse is told."""
    case = ExceptionCase.objects.select_for_update().get(pk=number)
    if finding.severity and finding.severity < case.severity:
        _escalate(case, finding.severity)
    ExceptionCase.objects.filter(pk=number).update(
        evidence=finding.stored_evidence,
        documents=finding.documents,
        at_risk=finding.at_risk,
        currency=finding.currency or F("currency"),
        most_documents=Greatest(F("most_documents"), Value(finding.documents)),
        most_at_risk=Greatest(F("most_at_risk"), Value(finding.at_risk)),
        last_seen_at=clock.now(),
    )


def _escalate(case: ExceptionCase, severity: int) -> None:
    text = f"S{severity} now, S{case.severity} before"
    CaseEvent.objects.create(case=case, action="escalated", text=text)
    case.severity = severity
    case.save(update_fields=["severity"])
    clocks.start([case])
