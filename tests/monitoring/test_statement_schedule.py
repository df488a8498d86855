"""When statements are made and sent."""

from datetime import UTC, datetime

import pytest
from django.core import mail

from monitoring import tasks
from monitoring.domain import statement_schedule, statement_send
from monitoring.domain.statement_send import NotApprovableError
from monitoring.models import Statement, StatementTerms
from portal.core import clock
from portal.customers.models import Customer
from tests.monitoring.statement_scenery import april, month, sealed

pytestmark = pytest.mark.db


@pytest.fixture
def harbor(kestrel):
    """Harbor came on 1 April 2026, in Los Angeles."""
    Customer.objects.filter(pk=kestrel.harbor).update(
        time_zone="America/Los_Angeles", created_at=april(1)
    )
    return Customer.objects.get(pk=kestrel.harbor)


@pytest.fixture(autouse=True)
def _mails_stay_here(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def states():
    return [(one.period, one.state) for one in Statement.objects.order_by("period")]


def advance(customer, *moment):
    with clock.freeze(datetime(*moment, tzinfo=UTC)):
        return statement_schedule.advance(customer)


def test_nothing_is_made_before_the_month_is_over_where_the_customer_is(harbor):
    assert advance(harbor, 2026, 5, 1, 6, 59) == 0  # 23:59 on 30 April in Los Angeles
    assert states() == []


def test_a_draft_stands_until_the_first_business_day_begins(harbor):
    assert advance(harbor, 2026, 5, 1, 7) == 1
    assert advance(harbor, 2026, 5, 1, 13, 59) == 0
    assert states() == [("2026-04", "draft")]
    assert advance(harbor, 2026, 5, 1, 14) == 1  # Friday 07:00
    assert states() == [("2026-04", "sealed")]
    assert advance(harbor, 2026, 5, 20) == 0


def test_a_weekend_moves_the_seal_to_monday(harbor):
    Customer.objects.filter(pk=harbor.pk).update(created_at=datetime(2026, 7, 4, tzinfo=UTC))
    harbor.refresh_from_db()
    advance(harbor, 2026, 8, 2)  # a Sunday
    assert states() == [("2026-07", "draft")]
    advance(harbor, 2026, 8, 3, 14)
    assert states() == [("2026-07", "sealed")]


def test_after_a_long_rest_the_months_are_sealed_in_their_order(harbor):
    done = [advance(harbor, 2026, 6, 20) for _ in range(3)]
    assert done == [1, 1, 0]
    assert states() == [("2026-04", "sealed"), ("2026-05", "sealed")]
    assert list(Statement.objects.order_by("number").values_list("period", flat=True)) == [
        "2026-04", "2026-05",
    ]  # fmt: skip


def test_months_before_a_customer_came_have_no_statement(harbor):
    Customer.objects.filter(pk=harbor.pk).update(created_at=datetime(2026, 6, 5, tzinfo=UTC))
    harbor.refresh_from_db()
    assert advance(harbor, 2026, 6, 20) == 0


def test_one_customer_that_fails_holds_up_no_other(harbor, kestrel):
    Customer.objects.filter(pk=kestrel.maris).update(created_at=april(1))
    Customer.objects.filter(pk=harbor.pk).update(time_zone="Nowhere/Land")
    with clock.freeze(datetime(2026, 5, 4, 15, tzinfo=UTC)):
        turn = tasks.statements_lane("")
        assert turn.next_due == clock.now()
        assert tasks.statements_lane("").next_due > clock.now()
    assert [one.customer_id for one in Statement.objects.all()] == [kestrel.maris]


def test_what_sends_itself_goes_once_with_its_pdf(harbor):
    StatementTerms.objects.create(
        customer=harbor, recipients=["dana@harbor.test"], sends_itself=True
    )
    month(harbor.pk)
    for _ in range(3):
        advance(harbor, 2026, 5, 1, 15)
    (sent,) = mail.outbox
    assert sent.to == ["dana@harbor.test"]
    assert sent.subject == "Service statement April 2026"
    assert "2 orders worth $201.00 were put right" in sent.body
    ((name, body, kind),) = sent.attachments
    assert (name, kind) == ("harbor-2026-04.pdf", "application/pdf")
    assert body.startswith(b"%PDF")
    assert "http://kestrel.localhost:8000/service/statements/2026-04/" in sent.body
    assert "crossdock" not in (sent.body + str(sent.alternatives) + sent.from_email).lower()


def test_other_statements_wait_for_a_person(harbor, ana):
    StatementTerms.objects.create(customer=harbor, recipients=["dana@harbor.test"])
    advance(harbor, 2026, 5, 1, 15)
    advance(harbor, 2026, 5, 1, 16)
    assert mail.outbox == []
    told = Statement.objects.get()
    statement_send.approve(told, person=ana)
    advance(harbor, 2026, 5, 1, 17)
    assert len(mail.outbox) == 1
    with pytest.raises(NotApprovableError, match="approved it already"):
        statement_send.approve(told, person=ana)


def test_nobody_to_send_to_is_no_error(harbor):
    advance(harbor, 2026, 5, 1, 15)
    assert advance(harbor, 2026, 5, 1, 16) == 0
    assert mail.outbox == []


def test_a_mail_nobody_takes_is_tried_five_times_and_written_down(harbor, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    StatementTerms.objects.create(
        customer=harbor, recipients=["dana@harbor.test"], sends_itself=True
    )
    for hour in range(15, 23):
        advance(harbor, 2026, 5, 1, hour)
    told = Statement.objects.get().events.filter(verb="unsent")
    assert told.count() == 5
    assert told[0].text == "Not sent to dana@harbor.test: no mail server is set up here"


def test_a_draft_is_approved_by_nobody(harbor, ana):
    advance(harbor, 2026, 5, 1, 8)
    with pytest.raises(NotApprovableError, match="Seal it first"):
        statement_send.approve(Statement.objects.get(), person=ana)


def test_sealing_by_hand_first_leaves_nothing_to_do(harbor):
    sealed(harbor.pk)
    assert advance(harbor, 2026, 5, 2) == 0
