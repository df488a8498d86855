"""Next documents: when they are due, and when what is overdue is a case."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.domain import overdue
from integrations.models import Message, Record
from monitoring.domain import expecting
from monitoring.models import ExceptionCase, Expectation, Leg, Silence
from tests import pipeline
from tests.monitoring.expecting import DAY, HOUR, leg
from tests.monitoring.test_expecting_feeds import learn

pytestmark = pytest.mark.db

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
NINE = MONDAY + 9 * HOUR
MINUTE = timedelta(minutes=1)


@pytest.fixture
def erp(harbor: Any) -> Any:
    """An ERP that was told of shipments within 2 to 21 minutes for a month, and twice in 40."""
    for n in range(100):
        began = MONDAY - 30 * DAY + n * 7 * HOUR
        took = 40 if n in (30, 60) else 2 + n % 20
        leg(harbor.erp, "confirm", began, began + took * MINUTE)
    learn(NINE)
    return harbor.erp


def expected(kind: str = "confirm") -> Expectation:
    return Expectation.objects.get(kind=kind)


def test_a_lag_is_learned_and_legs_get_their_due(erp: Any) -> None:
    assert expected().lag["due"] == 21  # 95 of 100 took no longer
    waiting = leg(erp, "confirm", NINE)
    expecting.look(NINE + MINUTE)
    assert Leg.objects.get(pk=waiting.pk).due_at == NINE + 21 * MINUTE
    assert expected().state in ("well", "learning")


def test_one_late_document_is_noted_and_no_case(erp: Any) -> None:
    leg(erp, "confirm", NINE)
    expecting.look(NINE + MINUTE)
    expecting.look(NINE + 56 * MINUTE)
    assert (expected().state, Silence.objects.count()) == ("due", 0)


def three(erp: Any) -> None:
    for n in range(3):
        order = Record.objects.create(
            id=f"00000000-0000-7000-8000-00000000000{n}", customer_id=erp.customer_id,
            object_type="order", business_key=f"order/SO-{n}", body={}, content_hash=b"",
            amount=Decimal("100.50"), currency="USD",
        )  # fmt: skip
        leg(erp, "confirm", NINE + n * MINUTE, order_id=order.pk, number=f"SO-{n}")


def test_all_that_wait_for_one_side_are_one_case_with_their_worth(erp: Any) -> None:
    three(erp)
    # 21 min, a quarter of an hour on top, and two minutes until the third began
    window = NINE + (21 + 15 + 2) * MINUTE
    expecting.look(window - MINUTE)
    assert not Silence.objects.exists()
    expecting.look(window)
    silence, case = Silence.objects.get(), ExceptionCase.objects.get()
    assert (silence.window_ended_at, silence.case) == (window, case)
    assert (case.code, case.title) == (
        "next_document_missing", f"{erp.label} was not told of shipments in time",
    )  # fmt: skip
    assert (case.documents, case.at_risk, case.currency) == (3, Decimal("301.50"), "USD")
    assert silence.said == (
        "3 shipments wait too long, the oldest, SO-0, since 09:00; none came since 09:00"
    )


def test_answers_end_it(erp: Any) -> None:
    three(erp)
    now = NINE + 2 * HOUR
    expecting.look(now)
    Leg.objects.filter(outcome="").update(outcome="done", ended_at=now + 5 * MINUTE)
    expecting.look(now + 10 * MINUTE)
    assert Silence.objects.get().ended_at
    case = ExceptionCase.objects.get()
    assert case.state == "resolved"
    assert case.resolution.startswith("Nothing is overdue any more. It lasted from 09:00")


def test_what_we_hold_ourselves_is_told_by_its_own_case(erp: Any) -> None:
    three(erp)
    held = Message.objects.create(
        id="00000000-0000-7000-8000-000000000099", direction="out", endpoint=erp,
        customer_id=erp.customer_id, object_type="shipment", state="held",
    )  # fmt: skip
    Leg.objects.filter(outcome="").update(message_id=held.pk)
    expecting.look(NINE + HOUR)
    assert not Silence.objects.exists()


def test_an_agreed_lag_counts_from_the_first_document(erp: Any) -> None:
    Expectation.objects.filter(kind="confirm").update(mode="given", lag_minutes=30, grace_minutes=5)
    leg(erp, "confirm", NINE, number="SO-9")
    expecting.look(NINE + 34 * MINUTE)
    assert not Silence.objects.exists()
    expecting.look(NINE + 35 * MINUTE)
    assert Silence.objects.get().documents == 1


def test_a_warehouse_is_given_the_night(harbor: Any) -> None:
    for n in range(40):
        began = MONDAY - 28 * DAY + (n % 5 + n // 5 % 4 * 7) * DAY + 8 * HOUR
        leg(harbor.erp, "ship", began, began + 4 * HOUR)
    learn(NINE)
    assert expected("ship").in_hours
    waiting = leg(harbor.erp, "ship", MONDAY + 17 * HOUR)
    expecting.look(MONDAY + 17 * HOUR + MINUTE)
    # open until 19:00: two hours today, two tomorrow from 07:00
    assert Leg.objects.get(pk=waiting.pk).due_at == MONDAY + DAY + 9 * HOUR


@pytest.fixture
def partner(kestrel: Any) -> Any:
    """An EDI partner that acknowledges within 10 minutes, and may take 4 hours."""
    edi = pipeline.endpoint(kestrel.harbor, "edi", connector="x12", label="Northwind")
    for n in range(100):
        began = MONDAY - 30 * DAY + n * 7 * HOUR
        leg(edi, "acknowledge", began, began + (1 + n % 10) * MINUTE)
    learn(NINE)
    return edi


def sent(edi: Any, count: int) -> None:
    from integrations.models import Interchange, Payload

    payload = Payload.objects.create(sha256=b"x", body=b"")
    file = Interchange.objects.create(
        id="00000000-0000-7000-8000-0000000000ff", endpoint=edi, direction="out", sender="A",
        receiver="B", control="1", group_control="1", functional_id="OW", file_name="x",
        payload=payload,
    )  # fmt: skip
    for n in range(count):
        at = NINE + n * MINUTE
        message = Message.objects.create(
            id=f"00000000-0000-7000-8000-00000000010{n}", direction="out", endpoint=edi,
            customer_id=edi.customer_id, object_type="order", state="delivered", interchange=file,
            updated_at=at, business_key=f"order/SO-{n}",
        )  # fmt: skip
        leg(edi, "acknowledge", at, number=f"SO-{n}", message_id=message.pk)


def test_missing_acknowledgements_are_one_case_that_is_there_early(partner: Any) -> None:
    sent(partner, 4)
    expecting.look(NINE + HOUR)
    case, silence = ExceptionCase.objects.get(), Silence.objects.get()
    assert (case.code, case.origin, silence.case) == ("ack_missing", "documents", case)
    assert case.documents == 4
    overdue.find()
    expecting.look(NINE + 2 * HOUR)
    assert ExceptionCase.objects.count() == 1


def test_a_partner_that_need_not_acknowledge_is_not_waited_for(partner: Any) -> None:
    partner.settings = {**partner.settings, "ack_hours": 0}
    partner.save()
    sent(partner, 4)
    expecting.look(NINE + HOUR)
    assert not Silence.objects.exists() and not ExceptionCase.objects.exists()


def test_two_silences_that_began_together_at_one_endpoint_are_one_case(partner: Any) -> None:
    for n in range(100):
        began = MONDAY - 30 * DAY + n * 7 * HOUR
        leg(partner, "ship", began, began + 20 * MINUTE)
    Expectation.objects.all().delete()
    learn(NINE)
    Expectation.objects.filter(kind="ship").update(in_hours=False)
    Expectation.objects.filter(kind="acknowledge").update(mode="off")
    learn(NINE + 2 * DAY)
    for n in range(3):
        leg(partner, "ship", NINE + n * MINUTE)
    expecting.look(NINE + 3 * HOUR)
    Expectation.objects.filter(kind="acknowledge").update(mode="learned")
    sent(partner, 4)
    expecting.look(NINE + 4 * HOUR)
    assert Silence.objects.count() == 2
    assert len(set(Silence.objects.values_list("fingerprint", flat=True))) == 1


def test_who_acknowledges_is_not_asked_for_acceptance_too(partner: Any) -> None:
    for n in range(100):
        began = MONDAY - 30 * DAY + n * 7 * HOUR
        leg(partner, "transmit", began, began + 5 * MINUTE)
    Expectation.objects.all().delete()
    learn(NINE)
    sent(partner, 4)
    for n in range(4):
        leg(partner, "transmit", NINE + n * MINUTE)
    expecting.look(NINE + 2 * HOUR)
    assert Silence.objects.get().expectation.kind == "acknowledge"
    assert ExceptionCase.objects.count() == 1


@pytest.mark.parametrize(("code", "cases"), [("volume_silent", 1), ("volume_low", 2)])
def test_what_is_quiet_since_friday_is_one_cause_with_what_waits_since_monday(
    erp: Any, code: str, cases: int
) -> None:
    flow = Expectation.objects.create(
        customer_id=erp.customer_id, endpoint=erp, kind="flow", object_type="shipment",
        state="late", look_at=NINE + DAY,
    )  # fmt: skip
    friday = NINE - 3 * DAY
    Silence.objects.create(
        expectation=flow, code=code, began_at=friday, window_ended_at=NINE, found_at=NINE,
        seen_at=NINE, title="No shipments go there", decided="", said="",
        fingerprint="00000000-0000-0000-0000-000000000001",
    )  # fmt: skip
    three(erp)
    expecting.look(NINE + HOUR)
    assert len(set(Silence.objects.values_list("fingerprint", flat=True))) == cases


def test_a_side_is_known_from_a_leg_of_the_last_week(harbor: Any) -> None:
    leg(harbor.erp, "ship", NINE - 6 * DAY)
    leg(harbor.erp, "invoice", NINE - 8 * DAY)
    learn(NINE)
    assert [one.kind for one in Expectation.objects.all()] == ["ship"]


def asked(now: datetime) -> str:
    with CaptureQueriesContext(connection) as queries:
        expecting.look(now)
    return " ".join(one["sql"] for one in queries)


def test_what_was_met_is_asked_only_where_something_can_be_missing(erp: Any) -> None:
    leg(erp, "confirm", NINE)
    expecting.look(NINE + MINUTE)
    assert "max(l.ended_at)" not in asked(NINE + 40 * MINUTE)
    three(erp)
    expecting.look(NINE + 41 * MINUTE)
    assert "max(l.ended_at)" in asked(NINE + 42 * MINUTE)


def test_how_a_side_stands_is_written_when_it_changes(erp: Any) -> None:
    leg(erp, "confirm", NINE)
    expecting.look(NINE + MINUTE)
    assert "UPDATE monitoring_expectation" in asked(NINE + 30 * MINUTE)
    assert expected().state == "due"
    assert "UPDATE monitoring_expectation" not in asked(NINE + 31 * MINUTE)
