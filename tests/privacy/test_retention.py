from datetime import timedelta

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from integrations.domain import forgetting, receive
from integrations.models import Message, MessageEvent, Payload, RemovedPayload
from portal.core import clock
from portal.core.ids import first_id_at
from portal.privacy.domain import holds, retention
from portal.privacy.models import RetentionDay
from portal.tenants.models import RetentionTerm
from tests import pipeline
from tests.pages import scenery
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


@pytest.fixture
def place(kestrel):
    made = scenery.business(kestrel.harbor)
    scenery.take_orders(made, "1001", "1002")
    Message.objects.filter(state="waiting").update(state="skipped")
    return made


def age(days: int, **which) -> None:
    """Documents came so long ago: their ids, and their bytes."""
    then = clock.now() - timedelta(days=days)
    for n, message in enumerate(Message.objects.filter(**which)):
        Payload.objects.filter(sha256=message.payload_id).update(stored_at=then)
        MessageEvent.objects.filter(message=message).update(at=then)
        made = type(message.pk)(int=first_id_at(then).int + n)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE integrations_messageevent SET message_id = %s WHERE message_id = %s",
                [made, message.pk],
            )
            cursor.execute(
                "UPDATE integrations_message SET id = %s WHERE id = %s", [made, message.pk]
            )


def bytes_of(number: str) -> bool:
    message = Message.objects.get(business_key__endswith=number, direction="in")
    return Payload.objects.filter(sha256=message.payload_id).exists()


def test_bytes_go_when_they_are_old_and_what_was_said_of_them_stays(place):
    age(401, business_key__endswith="1001")
    assert retention.preview(retention.terms()["payloads"]).number == 1
    assert retention.work() == 1
    assert (bytes_of("1001"), bytes_of("1002")) == (False, True)
    message = Message.objects.get(business_key__endswith="1001", direction="in")
    assert message.state == "applied"
    assert RemovedPayload.objects.get().sha256 == message.payload_id
    assert removed_by_kind() == {"payloads": 1}
    assert retention.work() == 0


def removed_by_kind() -> dict[str, int]:
    return dict(RetentionDay.objects.values_list("kind", "removed"))


def test_not_a_day_sooner(place):
    age(399, business_key__endswith="1001")
    assert retention.work() == 0
    assert bytes_of("1001")


@pytest.mark.parametrize("state", ["received", "held", "waiting", "sending"])
def test_what_is_on_its_way_or_held_keeps_its_bytes_however_old(place, state):
    age(900, business_key__endswith="1001")
    Message.objects.filter(business_key__endswith="1001").update(state=state)
    assert retention.work() == 0


def test_bytes_that_a_young_document_shares_stay(place):
    age(900, business_key__endswith="1001")
    old = Message.objects.get(business_key__endswith="1001", direction="in")
    Message.objects.filter(business_key__endswith="1002", direction="in").update(
        payload_id=old.payload_id
    )
    assert retention.work() == 0


def test_what_is_on_legal_hold_stays_until_the_hold_is_lifted(place, kestrel):
    age(900, business_key__endswith="1001")
    hold = holds.place(
        customer_id=kestrel.harbor, person="", reason="case 7", until=None, actor="Ana"
    )
    assert retention.work() == 0
    assert retention.preview(retention.terms()["payloads"]).number == 0
    holds.lift(hold.pk, actor="Ana", reason="over")
    assert retention.work() == 1


def test_the_words_of_answers_go_and_their_status_stays(place, kestrel):
    message = Message.objects.filter(direction="in").first()
    event = MessageEvent.objects.create(
        message=message, to_state="delivered", answer={"status": 200, "ms": 12, "body": "Hello Ann"},
        at=clock.now() - timedelta(days=181),
    )  # fmt: skip
    MessageEvent.objects.exclude(pk=event.pk).update(at=clock.now() - timedelta(days=181))
    assert retention.work() == 1
    event.refresh_from_db()
    assert event.answer == {"status": 200, "ms": 12}


def test_answers_of_a_held_customer_are_looked_at_again_once_the_hold_is_lifted(place, kestrel):
    message = Message.objects.filter(direction="in").first()
    old = clock.now() - timedelta(days=181)
    MessageEvent.objects.update(at=old)
    MessageEvent.objects.create(message=message, to_state="x", answer={"body": "Ann"}, at=old)
    hold = holds.place(customer_id=kestrel.harbor, person="", reason="r", until=None, actor="A")
    assert retention.work() == 0
    holds.lift(hold.pk, actor="A", reason="over")
    assert retention.work() == 1


def test_a_partner_chooses_within_what_the_platform_allows(place, admin, staff_terms):
    soup = page(admin.get("/keeping/"))
    assert "60 to 500." in soup.get_text()
    for days in ("59", "501"):
        answer = admin.post("/keeping/", {"kind": "payloads", "payloads-days": days})
        assert answer.status_code == 422
        assert "Choose 60 to 500 days." in answer.content.decode()
    assert admin.post("/keeping/", {"kind": "payloads", "payloads-days": "90"}).url == "/keeping/"
    assert retention.terms()["payloads"].days == 90
    assert admin.post("/keeping/", {"kind": "everything", "days": "1"}).status_code == 404


@pytest.fixture
def staff_terms(kestrel):
    with schema_context("public"):
        RetentionTerm.objects.create(kind="payloads", days=120, least=60, most=500)


def test_a_choice_that_is_outside_by_now_counts_as_its_nearest_bound(place, staff_terms):
    retention.choose("payloads", 60, actor="Ana")
    with schema_context("public"):
        RetentionTerm.objects.update(least=100)
    assert retention.terms()["payloads"].days == 100


def test_what_came_with_the_same_bytes_meanwhile_keeps_them(place):
    """Chosen, and before it is removed the same document comes again."""
    age(900, business_key__endswith="1001")
    chosen = forgetting.look()
    old = forgetting.old(clock.now() - timedelta(days=400), held_customers=[], most=10)
    assert len(old) == 1
    again = Message.objects.get(business_key__endswith="1001", direction="in")
    body = bytes(Payload.objects.get(sha256=again.payload_id).body)
    pipeline.store(place.shop, body)
    removed = forgetting.remove([d for d, _ in old], why="age", chosen=chosen)
    assert removed.number == 0
    receive.receive(place.customer_id)
    assert Message.objects.filter(state="received").count() == 0


def test_while_somebody_stores_nothing_is_removed_and_nobody_waits_long(place, django_db_blocker):
    """Another connection holds the table as a storing one does."""
    from tests.scenarios.committed import owner

    age(900, business_key__endswith="1001")
    with owner() as other:
        other.autocommit = False
        other.execute("LOCK TABLE kestrel.integrations_payload IN ROW EXCLUSIVE MODE")
        chosen = forgetting.look()
        old = forgetting.old(clock.now() - timedelta(days=400), held_customers=[], most=10)
        with pytest.raises(forgetting.BusyError), transaction.atomic():
            forgetting.remove([d for d, _ in old], why="age", chosen=chosen)
        other.rollback()
    assert retention.work() == 1


def test_holds_are_placed_and_lifted_with_reasons(kestrel, admin):
    answer = admin.post("/keeping/holds/", {"reason": "r"})
    assert answer.status_code == 422
    assert "one of both" in answer.content.decode()
    both = {"customer": kestrel.harbor, "person": "Ann Ex", "reason": "r"}
    assert admin.post("/keeping/holds/", both).status_code == 422
    past = {"person": "Ann Example", "reason": "r", "until": "2020-01-01"}
    assert admin.post("/keeping/holds/", past).status_code == 422
    assert admin.post("/keeping/holds/", {"customer": kestrel.harbor, "reason": "case 7"}).url == (
        "/keeping/"
    )
    hold = holds.in_force().get()
    soup = page(admin.get("/keeping/"))
    assert "Harbor Outfitters" in texts(soup, "th.main")[0]
    assert admin.get(f"/keeping/holds/{hold.pk}/lift/").status_code == 200
    admin.post(f"/keeping/holds/{hold.pk}/lift/", {"reason": "settled"})
    assert not holds.in_force().exists()
    assert admin.get(f"/keeping/holds/{hold.pk}/lift/").status_code == 404
    assert "lifted by Admin: settled" in page(admin.get("/keeping/")).get_text()
