"""Cases about what is missing: they open, are brought up to date, end and come back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from monitoring.domain import findings, joining, states
from monitoring.domain.findings import Finding
from monitoring.domain.states import NotNowError
from monitoring.models import ExceptionCase
from portal.core import clock
from tests.monitoring import desk
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db
CAUSE = UUID("00000000-0000-4000-8000-000000000001")


def finding(endpoint: Any, **fields: Any) -> Finding:
    given = {
        "fingerprint": CAUSE,
        "customer_id": endpoint.customer_id,
        "endpoint_id": endpoint.pk,
        "origin": ExceptionCase.Origin.SILENCE,
        "code": "stale_feed",
        "since": clock.now() - timedelta(hours=2),
        "evidence": [("Expected", "one an hour"), ("Last", "two hours ago")],
        "url": "/expectations/",
    }
    return Finding(**{**given, **fields})


@pytest.fixture
def endpoint(harbor: Any) -> Any:
    return harbor.shop


def test_the_first_report_opens_a_case_that_says_what_is_known(endpoint: Any) -> None:
    number = findings.report([finding(endpoint)])[CAUSE]
    case = ExceptionCase.objects.get(pk=number)
    assert case.title == f"{endpoint.label} has sent no stock report in time"
    assert (case.severity, case.is_finding) == (2, True)
    assert case.evidence["lines"] == [["Expected", "one an hour"], ["Last", "two hours ago"]]


def test_later_reports_bring_the_same_case_up_to_date(endpoint: Any) -> None:
    first = findings.report([finding(endpoint)])
    again = findings.report(
        [finding(endpoint, documents=7, severity=1, evidence=[("Last", "3 h")])]
    )
    case = ExceptionCase.objects.get()
    assert first == again == {CAUSE: case.pk}
    assert (case.documents, case.severity) == (7, 1)
    assert case.evidence["lines"] == [["Last", "3 h"]]
    assert case.events.filter(action="escalated").count() == 1


def test_a_case_does_not_get_milder_while_it_is_open(endpoint: Any) -> None:
    findings.report([finding(endpoint, severity=1)])
    findings.report([finding(endpoint, severity=3)])
    assert ExceptionCase.objects.get().severity == 1


def test_what_is_over_closes_and_what_comes_again_is_the_same_case(endpoint: Any) -> None:
    number = findings.report([finding(endpoint)])[CAUSE]
    findings.clear([CAUSE], cause="A report came at 10:12")
    closed = ExceptionCase.objects.get(pk=number)
    assert (closed.state, closed.resolution) == ("resolved", "A report came at 10:12")
    assert findings.report([finding(endpoint, since=clock.now())]) == {CAUSE: number}
    back = ExceptionCase.objects.get()
    assert (back.state, back.times_back) == ("regressed", 1)


def test_what_a_person_closed_stays_closed_while_it_goes_on(endpoint: Any) -> None:
    began = clock.now() - timedelta(hours=2)
    number = findings.report([finding(endpoint, since=began)])[CAUSE]
    states.settle(number, reason="They are closed for stock count", actor="O. Perator")
    assert findings.report([finding(endpoint, since=began)]) == {}
    assert ExceptionCase.objects.get(pk=number).state == "skipped"


def test_what_a_person_closed_comes_back_when_it_begins_anew(endpoint: Any) -> None:
    number = findings.report([finding(endpoint)])[CAUSE]
    states.settle(number, reason="They are closed for stock count", actor="O. Perator")
    later = clock.now() + timedelta(seconds=1)
    assert findings.report([finding(endpoint, since=later)]) == {CAUSE: number}


def test_two_causes_in_one_report_are_two_cases(endpoint: Any) -> None:
    other = UUID("00000000-0000-4000-8000-000000000002")
    found = findings.report([finding(endpoint), finding(endpoint, fingerprint=other)])
    assert set(found) == {CAUSE, other} and len(set(found.values())) == 2


def test_nothing_found_asks_the_database_nothing(
    endpoint: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert findings.report([]) == {}


def test_what_was_found_missing_is_not_merged_with_documents(endpoint: Any) -> None:
    number = findings.report([finding(endpoint)])[CAUSE]
    other = desk.make(endpoint, "SKU-1 is not known")
    with pytest.raises(NotNowError, match="its own case"):
        joining.merge(number, into=other.pk, actor="O. Perator")


def test_the_case_page_shows_the_evidence_and_closes_with_a_reason(
    operator: Client, endpoint: Any
) -> None:
    number = findings.report([finding(endpoint)])[CAUSE]
    shown = page(operator.get(f"/cases/{number}/?remedy=settle"))
    assert texts(shown, "dl.facts dd")[:2] == ["one an hour", "two hours ago"]
    answer = operator.post(f"/cases/{number}/settle/", {"up_to": 0, "reason": "Stock count"})
    assert answer.status_code == 302
    assert ExceptionCase.objects.get(pk=number).resolution == "Stock count"


def test_the_desk_shows_what_kind_of_case_it_is(operator: Client, endpoint: Any) -> None:
    findings.report([finding(endpoint)])
    case = ExceptionCase.objects.get()
    row = texts(page(operator.get("/desk/")), f"#case-{case.pk} td")
    assert "something missing" in row
    preview = page(operator.get(f"/desk/?case={case.pk}"))
    assert "one an hour" in texts(preview, "#preview dl.facts dd")
