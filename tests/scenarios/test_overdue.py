"""A partner that takes our files and does not acknowledge them in its time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from integrations import tasks
from integrations.domain import overdue, replay
from integrations.models import Message, Problem
from monitoring.domain import joining
from monitoring.models import CaseEvent, ExceptionCase
from monitoring.queries import held
from portal.core import clock
from tests import pipeline
from tests.pages.scenery import page, texts
from tests.scenarios.test_x12 import (
    answer,
    arrives,
    depot,
    group_control,
    open_cases,
    ordered,
    received,
    server,
)

__all__ = ["depot", "server"]

pytestmark = pytest.mark.db

SENT = datetime(2026, 3, 3, 10, 2, tzinfo=UTC)
FOUR_HOURS_ON = datetime(2026, 3, 3, 14, 2, tzinfo=UTC)
LATE = datetime(2026, 3, 3, 14, 3, tzinfo=UTC)


def sent(kestrel, shop, *numbers: str) -> None:
    """Orders that went out on 3 March at 10:02, UTC."""
    ordered(kestrel, shop, *numbers)
    Message.objects.filter(direction="out", state="delivered").update(updated_at=SENT)


def found(at: datetime) -> int:
    with clock.freeze(at):
        return overdue.find()


def test_an_order_that_is_not_acknowledged_in_four_hours_is_a_case_until_it_is(
    kestrel, shop, depot
):
    sent(kestrel, shop, "1001")
    assert (found(FOUR_HOURS_ON), open_cases()) == (0, [])
    assert (found(LATE), open_cases()) == (1, [("ack_missing", 1)])
    case, problem = ExceptionCase.objects.get(), Problem.objects.get()
    assert (case.severity, case.title, str(case.at_risk), case.currency) == (
        2, "Northwind did not acknowledge our documents", "128.0000", "USD",
    )  # fmt: skip
    assert problem.text == "Northwind has not acknowledged order 1001, sent 3 Mar 10:02"
    assert pipeline.states(direction="out") == ["delivered"]
    summary = held.summary(case)
    assert (summary.held, summary.remarks, summary.orders) == (0, 1, 1)
    arrives(kestrel, depot, received("FA", answer(group_control())))
    assert pipeline.states(direction="out") == ["confirmed"]
    case.refresh_from_db()
    assert (case.state, case.resolution) == (
        "resolved",
        "Northwind accepted the document after all",
    )
    assert CaseEvent.objects.filter(case=case).latest("pk").text == case.resolution


def test_the_page_of_the_case_says_what_is_owed(kestrel, operator, shop, depot):
    sent(kestrel, shop, "1001")
    found(LATE)
    shown = page(operator.get(f"/cases/{ExceptionCase.objects.get().pk}/"))
    assert texts(shown, ".case-main .section.on-surface:first-child p")[:2] == [
        "Northwind has not acknowledged order 1001, sent 3 Mar 10:02.",
        "Noted on 1 order that went out to Northwind.",
    ]


def test_the_time_of_sending_is_that_of_the_customer(kestrel, shop, depot):
    sent(kestrel, shop, "1001")
    depot.customer.time_zone = "America/Denver"
    depot.customer.save()
    found(LATE)
    assert Problem.objects.get().text.endswith("order 1001, sent 3 Mar 03:02")


def test_all_that_one_partner_owes_is_one_case(kestrel, shop, depot):
    sent(kestrel, shop, "1", "2", "3")
    assert (found(LATE), open_cases()) == (3, [("ack_missing", 3)])


def test_a_document_is_told_of_once(kestrel, shop, depot):
    sent(kestrel, shop, "1001")
    assert [found(LATE), found(LATE)] == [1, 0]
    assert Problem.objects.count() == 1


def test_what_a_person_has_accepted_is_not_told_again(kestrel, shop, depot):
    sent(kestrel, shop, "1001")
    found(LATE)
    message = Message.objects.get(direction="out")
    replay.skip([message.pk], actor="Ana Ruiz", reason="They confirmed by phone")
    assert open_cases() == []
    assert (found(LATE), open_cases()) == (0, [])


def test_a_partner_that_need_not_answer_any_more_owes_nothing(kestrel, shop, depot):
    sent(kestrel, shop, "1001", "1002")
    found(LATE)
    one = Message.objects.filter(direction="out").order_by("pk").first()
    number = ExceptionCase.objects.get().pk
    joining.split(number, [one.pk], title="asked them by phone", actor="Ana Ruiz")
    depot.settings = {**depot.settings, "ack_hours": 0}
    depot.save()
    assert (found(LATE), open_cases()) == (0, [])
    ended = set(ExceptionCase.objects.values_list("state", "resolution"))
    assert ended == {("resolved", "Northwind is not expected to acknowledge")}
    assert set(pipeline.states(direction="out")) == {"delivered"}


def test_what_is_sent_once_more_is_awaited_once_more(kestrel, shop, depot):
    sent(kestrel, shop, "1001")
    found(LATE)
    arrives(kestrel, depot, received("FA", answer(group_control(), "R")))
    message = Message.objects.get(direction="out")
    replay.replay([message.pk], actor="Ana Ruiz", cause="mapping mended")
    pipeline.run(kestrel.harbor)
    Problem.objects.update(opened_at=SENT)
    Message.objects.filter(pk=message.pk).update(updated_at=FOUR_HOURS_ON)
    assert (found(LATE), open_cases()) == (0, [])
    with clock.freeze(FOUR_HOURS_ON) as time:
        time.move(4 * 3600 + 1)
        assert (overdue.find(), open_cases()) == (1, [("ack_missing", 1)])


def test_a_refusal_is_an_answer_too(kestrel, shop, depot):
    sent(kestrel, shop, "1001")
    found(LATE)
    arrives(kestrel, depot, received("FA", answer(group_control(), "R")))
    assert open_cases() == [("ack_rejected", 1)]
    case = ExceptionCase.objects.get(code="ack_missing")
    assert (case.state, case.resolution) == ("resolved", "Northwind has answered: a refusal")


@pytest.mark.parametrize(("hours", "documents"), [(0, 0), (24, 0), (2, 1), (10**9, 0)])
def test_the_partner_has_the_time_that_its_endpoint_says(kestrel, shop, depot, hours, documents):
    depot.settings = {**depot.settings, "ack_hours": hours}
    depot.save()
    sent(kestrel, shop, "1001")
    assert found(LATE) == documents


def test_a_system_that_never_acknowledges_is_not_waited_for(kestrel, shop, erp):
    ordered(kestrel, shop, "1001")
    assert pipeline.states(direction="out") != []
    Message.objects.filter(direction="out").update(updated_at=SENT, state="delivered")
    assert found(LATE) == 0


def test_the_lane_goes_on_until_all_are_told(kestrel, shop, depot):
    sent(kestrel, shop, "1", "2")
    with clock.freeze(LATE):
        assert [tasks.overdue_lane("").done, tasks.overdue_lane("").done] == [2, 0]


def test_the_sweep_wants_the_lane_once_a_minute(kestrel, django_capture_on_commit_callbacks):
    due = []
    with clock.freeze(SENT) as time:
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                tasks.sweep_lane("")
            due.append(_due("overdue"))
            time.move(15)
    assert due == [SENT + timedelta(minutes=1)] * 2


def _due(kind: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT due_at FROM public.jobs_wake WHERE schema = 'kestrel' AND kind = %s", [kind]
        )
        return cursor.fetchone()[0]


def test_no_more_than_a_bite_is_told_in_one_pass(kestrel, shop, depot, monkeypatch):
    monkeypatch.setattr(overdue, "BITE", 2)
    sent(kestrel, shop, "1", "2", "3")
    assert [found(LATE), found(LATE), found(LATE)] == [2, 1, 0]
    assert open_cases() == [("ack_missing", 3)]
