"""Mails that a customer's people choose: what they hear of, when, and how it ends."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client, RequestFactory
from django_tenants.utils import schema_context

from monitoring.domain.notices import choices, gathering, sending, telling
from monitoring.domain.notices.choices import UnfitChoiceError
from monitoring.domain.notices.telling import Line, Said
from monitoring.models import Notice, NoticeMark, NotificationChoice
from portal.accounts.models import Person
from portal.core import clock
from portal.core.ids import first_id_at
from portal.core.redact import redact_text
from portal.pages.views import errors
from tests.pages import own_scenery
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
OFF = {kind: "off" for kind in NotificationChoice.Kind.values}


@pytest.fixture
def jo(viewer, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return Person.objects.get(email="viewer@kestrel.test")


@pytest.fixture
def noon():
    with clock.freeze(NOON) as frozen:
        yield frozen


def choose(person, *, hour=7, paused_until=None, **how):
    choices.choose(person, {**OFF, **how}, hour=hour, paused_until=paused_until, today=NOON.date())


def tell(customer_id, kind="shipment", text="Order WEB-1001", **fields):
    return telling.tell(
        customer_id, kind, lambda: Said("A shipment was sent", [Line(text, "/x/")]), **fields
    )


def test_what_was_chosen_at_once_goes_in_one_mail_of_its_kind(kestrel, jo, noon):
    choose(jo, shipment="at_once")
    assert [tell(kestrel.harbor), tell(kestrel.harbor, text="Order WEB-1002")] == [1, 1]
    assert sending.send_due() == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (
        ["viewer@kestrel.test"],
        "A shipment was sent, and one more thing",
    )
    assert "Order WEB-1001" in sent.body
    assert "Order WEB-1002" in sent.body
    assert sending.send_due() == 0


def test_a_mail_says_how_to_get_no_more_of_them(kestrel, jo, noon):
    choose(jo, shipment="at_once")
    tell(kestrel.harbor)
    sending.send_due()
    (sent,) = mail.outbox
    url = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in sent.body
    # As a mail program does it: no session, no token of a form.
    program = Client(HTTP_HOST=kestrel.host, enforce_csrf_checks=True)
    path = url.split(kestrel.host, 1)[1].partition("/")[2]
    looked = page(program.get(f"/{path}"))
    assert texts(looked, "main li") == ["A shipment was sent"]
    assert NotificationChoice.objects.get().how["shipment"] == "at_once"
    for _ in range(2):
        done = page(program.post(f"/{path}", {"List-Unsubscribe": "One-Click"}))
        assert texts(done, "h1") == ["You get no more of these mails"]
    assert NotificationChoice.objects.get().how["shipment"] == "off"
    assert tell(kestrel.harbor) == 0


def test_a_token_that_is_none_is_not_found_and_changes_nothing(kestrel, jo, noon):
    choose(jo, shipment="at_once")
    for token in ("x", "a:b", "%00", "x" * 400):
        for answer in (
            Client(HTTP_HOST=kestrel.host).get(f"/unsubscribe/{token}/"),
            Client(HTTP_HOST=kestrel.host).post(f"/unsubscribe/{token}/"),
        ):
            assert answer.status_code in (400, 404)
    assert NotificationChoice.objects.get().how["shipment"] == "at_once"


def test_a_link_of_another_partner_opens_nothing_here(kestrel, aurora, jo, noon):
    choose(jo, shipment="at_once")
    tell(kestrel.harbor)
    sending.send_due()
    url = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    path = "/unsubscribe/" + url.split("/unsubscribe/")[1]
    assert Client(HTTP_HOST=aurora.host).post(path).status_code == 404
    with schema_context("kestrel"):
        how = NotificationChoice.objects.get().how
    assert how["shipment"] == "at_once"


def test_once_a_day_waits_for_the_persons_own_hour_and_goes_together(kestrel, jo, noon):
    Person.objects.filter(pk=jo.pk).update(time_zone="America/New_York")
    jo.refresh_from_db()
    choose(jo, shipment="daily", trouble="daily", hour=8)  # 08:00 in New York is 13:00 UTC
    tell(kestrel.harbor)
    tell(kestrel.harbor, "trouble", "Order WEB-7 is late")
    assert set(Notice.objects.values_list("due_at", flat=True)) == {NOON + timedelta(hours=1)}
    assert sending.send_due() == 0
    noon.move(3600)
    assert sending.send_due() == 1
    assert len(mail.outbox) == 1
    assert "WEB-7" in mail.outbox[0].body


def test_an_hour_that_is_over_is_tomorrows(kestrel, jo, noon):
    choose(jo, shipment="daily", hour=12)
    tell(kestrel.harbor)
    assert Notice.objects.get().due_at == NOON + timedelta(days=1)


def test_in_a_pause_nothing_is_noted_and_after_it_things_go_on(kestrel, jo, noon):
    choose(jo, shipment="at_once", paused_until=NOON.date() + timedelta(days=2))
    assert tell(kestrel.harbor) == 0
    noon.move(2 * 86400)
    assert tell(kestrel.harbor) == 1


def test_what_was_switched_off_after_it_was_noted_is_not_sent(kestrel, jo, noon):
    choose(jo, shipment="at_once")
    tell(kestrel.harbor)
    choose(jo)
    assert sending.send_due() == 1
    assert mail.outbox == []
    assert Notice.objects.get().state == "dropped"


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_whoever_left_gets_none(kestrel, jo, noon, change):
    choose(jo, shipment="at_once")
    tell(kestrel.harbor)
    Person.objects.filter(pk=jo.pk).update(**change)
    sending.send_due()
    assert mail.outbox == []


def test_nobody_of_another_customer_hears_of_it(kestrel, jo, noon):
    choose(jo, shipment="at_once")
    assert tell(kestrel.maris) == 0


def test_whoever_gets_it_another_way_gets_it_once(kestrel, jo, noon):
    assert tell(kestrel.harbor, "bill", but=["Viewer@Kestrel.test"]) == 0
    assert tell(kestrel.harbor, "bill") == 1


def test_only_addresses_of_people_who_switched_it_off_are_unwilling(kestrel, jo, noon):
    named = ["viewer@kestrel.test", "books@harbor.example"]
    assert choices.unwilling("bill", named, customer_id=kestrel.harbor) == set()
    choose(jo)
    assert choices.unwilling("bill", named, customer_id=kestrel.harbor) == {"viewer@kestrel.test"}
    assert choices.unwilling("bill", named, customer_id=kestrel.maris) == set()


def test_a_server_that_takes_nothing_is_tried_five_times(kestrel, jo, noon, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    choose(jo, shipment="at_once")
    tell(kestrel.harbor)
    for _ in range(6):
        sending.send_due()
        noon.move(3600)
    one = Notice.objects.get()
    assert (one.state, one.tries) == ("dropped", 5)
    assert one.trouble == "Not sent: no mail server is set up here."


def test_shipments_are_gathered_once(kestrel, jo, noon):
    choose(jo, shipment="at_once")
    gathering.gather()
    noon.move(600)
    for number, minutes in (("SH-1", 5), ("SH-2", 4)):
        at = clock.now() - timedelta(minutes=minutes)
        own_scenery.shipment(kestrel.harbor, None, number, pk=first_id_at(at))
    assert gathering.gather() == 1
    assert Notice.objects.get().said["headline"] == "2 shipments were sent"
    noon.move(60)
    assert gathering.gather() == 0
    assert NoticeMark.objects.get().passed == clock.now() - timedelta(minutes=1)


def test_of_what_was_before_the_first_look_nothing_is_told(kestrel, jo, noon):
    choose(jo, shipment="at_once")
    own_scenery.shipment(kestrel.harbor, None, pk=first_id_at(NOON - timedelta(minutes=5)))
    assert gathering.gather() == 0


def test_the_day_in_figures_comes_once_a_day(kestrel, jo, noon):
    choose(jo, digest="daily", hour=7)
    gathering.gather()
    noon.move(120)
    assert gathering.gather() == 1
    sending.send_due()
    assert mail.outbox[0].subject == "Your last 24 hours"
    assert "0 orders came in" in mail.outbox[0].body
    noon.move(3600)
    assert gathering.gather() == 0
    noon.move(86400)
    assert gathering.gather() == 1


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"hour": 24}, "hour"),
        ({"paused_until": NOON.date()}, "after today"),
        ({"paused_until": NOON.date() + timedelta(days=400)}, "within a year"),
        ({"digest": "at_once"}, "Choose one"),
        ({"shipment": "hourly"}, "Choose one"),
    ],
)
def test_what_cannot_be_chosen_is_refused_in_words(jo, noon, fields, why):
    with pytest.raises(UnfitChoiceError, match=why):
        choose(jo, **fields)
    assert not NotificationChoice.objects.exists()


def test_the_address_of_the_link_stays_out_of_every_log(kestrel, jo, noon):
    choose(jo, shipment="at_once")
    tell(kestrel.harbor)
    sending.send_due()
    url = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    token = url.rstrip("/").rpartition("/")[2]
    assert token not in redact_text(f"Not Found: /unsubscribe/{token}/")
    request = RequestFactory().get(f"/unsubscribe/{token}/")
    assert errors._path(request) == "/unsubscribe/…"
