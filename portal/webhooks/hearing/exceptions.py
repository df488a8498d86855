"""What needs a person: cases, alerts, silences, questions, comparisons."""

from typing import Any

from monitoring import taxonomy
from monitoring.domain.alerts.ending import AlertsEnded
from monitoring.domain.alerts.raising import AlertsRaised
from monitoring.domain.closing import CasesClosed
from monitoring.domain.opening import CasesOpened
from monitoring.domain.questions import QuestionMoved
from monitoring.domain.reconcile_run import ComparisonEnded
from monitoring.domain.silences import SilencesMoved
from monitoring.models import Alert, CaseQuestion, ExceptionCase, ReconRun, Silence
from portal.core.events import subscribe
from portal.webhooks.domain import wanted
from portal.webhooks.domain.outbox import News, tell


@subscribe(CasesOpened)
def cases_opened(event: CasesOpened) -> None:
    name = "case.came_back" if event.came_back else "case.opened"
    if wanted.wants(name):
        for case in _cases(event.numbers):
            back = {"times_back": case.times_back} if event.came_back else {}
            tell([_of_case(name, case, back)])


@subscribe(CasesClosed)
def cases_closed(event: CasesClosed) -> None:
    if wanted.wants("case.closed"):
        tell(
            _of_case("case.closed", case, {"outcome": case.state, "documents": case.documents})
            for case in _cases(event.numbers)
        )


def _cases(numbers: list[int]) -> list[ExceptionCase]:
    found = ExceptionCase.objects.filter(pk__in=numbers).select_related("endpoint")
    return list(found.order_by("pk"))


def _of_case(name: str, case: ExceptionCase, said: dict[str, Any]) -> News:
    data = {
        "case": case.pk,
        "code": case.code,
        "kind": taxonomy.kind(case.code).label,
        "severity": case.severity,
        "endpoint": case.endpoint.slug,
        **said,
    }
    return News(name, case.customer_id, data, is_private=case.origin in ExceptionCase.OWN)


@subscribe(AlertsRaised)
def alerts_raised(event: AlertsRaised) -> None:
    _alerts("alert.raised", event.alert_ids)


@subscribe(AlertsEnded)
def alerts_ended(event: AlertsEnded) -> None:
    _alerts("alert.over", event.alert_ids)


def _alerts(name: str, alert_ids: list[int]) -> None:
    """How we tell ourselves is no affair of a customer."""
    if not wanted.wants(name):
        return
    rows = Alert.objects.filter(pk__in=alert_ids).order_by("pk")
    tell(
        News(
            name,
            one.customer_id,
            {"alert": one.pk, "case": one.case_id, "severity": one.severity},
            is_private=True,
        )
        for one in rows
    )


@subscribe(SilencesMoved)
def silences_moved(event: SilencesMoved) -> None:
    name = "silence.ended" if event.ended else "silence.began"
    if not wanted.wants(name):
        return
    rows = Silence.objects.filter(pk__in=event.silence_ids).order_by("pk")
    tell(
        News(
            name,
            one.expectation.customer_id,
            {
                "silence": one.pk,
                "code": one.code,
                "endpoint": one.expectation.endpoint.slug,
                "object_type": one.expectation.object_type,
                "since": one.began_at.isoformat(),
            },
        )
        for one in rows.select_related("expectation__endpoint")
    )


@subscribe(QuestionMoved)
def question_moved(event: QuestionMoved) -> None:
    name = "question.answered" if event.answered else "question.asked"
    if wanted.wants(name):
        question = CaseQuestion.objects.get(pk=event.question_id)
        data = {"question": question.pk, "case": question.case_id}
        tell([News(name, question.customer_id, data)])


@subscribe(ComparisonEnded)
def comparison_ended(event: ComparisonEnded) -> None:
    if wanted.wants("comparison.ended"):
        run = ReconRun.objects.select_related("reconciliation").get(pk=event.run_id)
        of = run.reconciliation
        data = {"run": run.pk, "comparison": of.label, "kind": of.kind, "state": run.state}
        tell([News("comparison.ended", of.customer_id, data)])
