"""Quiet hours, digests and the storm: what waits, what does not, and what comes together."""

from datetime import date, datetime

import pytest
from django.core import mail

from monitoring.domain import closing, states
from monitoring.domain.alerts import rotas
from monitoring.domain.alerts.rotas import NoSwapError
from monitoring.models import AlertMessage, Rota
from portal.core import clock
from portal.tenants.models import Partner
from tests.monitoring.alerts.scenery import (
    bodies,
    link_in,
    purposes,
    rule,
    settle,
    story,
    subjects,
    webhook,
)
from tests.monitoring.desk import make

pytestmark = pytest.mark.db
NIGHT = {"quiet_from": 22 * 60, "quiet_until": 7 * 60}


def utc(text):
    return datetime.fromisoformat(f"{text}+00:00")


@pytest.fixture
def ann(ana):
    """Ana, who lives in Los Angeles."""
    ana.time_zone = "America/Los_Angeles"
    ana.save()
    return ana


def test_by_night_it_waits_and_comes_as_one_digest_in_the_morning(shop, ann):
    rule(ann, **NIGHT)
    with clock.freeze(utc("2026-03-03 07:00")) as time:  # 23:00 the evening before in Los Angeles
        for n in range(3):
            make(shop, f"cause {n}", began_at=time.at)
        settle()
        assert (mail.outbox, {state for *_, state in story()}) == ([], {"held"})
        time.move(8 * 3600 - 1)  # a second before 07:00
        settle()
        assert mail.outbox == []
        time.move(1)
        settle()
    [sent] = mail.outbox
    assert sent.subject == "3 alerts since Mon 23:00 PST"
    assert [f"S2 cause {n}" in sent.body for n in range(3)] == [True] * 3
    assert "open since Mon 23:00" in sent.body


def test_the_night_in_which_clocks_change_ends_where_the_clock_says(shop, ann):
    rule(ann, **NIGHT)
    with clock.freeze(utc("2026-03-08 06:30")) as time:  # 22:30 PST on the 7th
        make(shop, "one", began_at=time.at)
        settle()
        time.move(7.5 * 3600 - 1)  # 13:59:59 UTC is 06:59:59 PDT
        settle()
        assert mail.outbox == []
        time.move(1)
        settle()
    assert len(mail.outbox) == 1


def test_a_digest_says_what_became_of_each(shop, ann):
    rule(ann, **NIGHT)
    with clock.freeze(utc("2026-03-03 07:00")) as time:
        cases = [make(shop, f"cause {n}", began_at=time.at) for n in range(3)]
        settle()
        time.move(3600)
        closing.close([cases[0].pk], cause="mended")
        states.acknowledge(cases[1].pk, actor="Ben Ott")
        settle()
        time.move(8 * 3600)
        settle()
    [sent] = mail.outbox
    assert "Harbor Outfitters · Web shop · over since 00:00" in sent.body
    assert "Harbor Outfitters · Web shop · Ben Ott has it" in sent.body
    assert "1 alert of them nobody has yet." in sent.body
    assert purposes() == ["raised", "raised", "raised", "digest"]


def test_a_digest_is_acknowledged_as_one(shop, ann, client, kestrel):
    rule(ann, **NIGHT)
    with clock.freeze(utc("2026-03-03 07:00")) as time:
        cases = [make(shop, f"cause {n}", began_at=time.at) for n in range(2)]
        settle()
        time.move(8 * 3600)
        settle()
        answer = client.post(link_in(mail.outbox[0].body), HTTP_HOST=kestrel.host)
    assert answer.status_code == 200
    for case in cases:
        case.refresh_from_db()
        assert case.acknowledged_at


@pytest.mark.parametrize(("passes", "sent"), [(True, 1), (False, 0)])
def test_what_is_urgent_rings_by_night_if_the_rule_says_so(shop, ann, passes, sent):
    rule(ann, **NIGHT, urgent_passes=passes)
    with clock.freeze(utc("2026-03-03 07:00")) as time:
        make(shop, "one", began_at=time.at, severity=1)
        settle()
    assert len(mail.outbox) == sent


def test_the_night_of_one_receiver_is_the_day_of_another(shop, ann, ben, server):
    desk = webhook(server)
    desk.time_zone = "Europe/Berlin"
    desk.save()
    rule(ann, desk, **NIGHT)
    with clock.freeze(utc("2026-03-03 07:00")) as time:  # 08:00 in Berlin
        make(shop, "one", began_at=time.at)
        settle()
    assert (len(mail.outbox), len(server.requests)) == (0, 1)


def test_without_a_zone_of_ones_own_it_is_the_partners(shop, ana):
    Partner.objects.filter(schema_name="kestrel").update(time_zone="Asia/Tokyo")
    rule(ana, **NIGHT)
    with clock.freeze(utc("2026-03-03 14:00")) as time:  # 23:00 in Tokyo
        make(shop, "one", began_at=time.at)
        settle()
    assert AlertMessage.objects.get().due_at == utc("2026-03-03 22:00")


def test_the_next_step_counts_from_when_the_first_was_told(shop, ann, server):
    """Nobody can answer what they have not heard."""
    rule(ann, webhook(server), waits=(0, 15), **NIGHT)
    with clock.freeze(utc("2026-03-03 07:00")) as time:
        make(shop, "one", began_at=time.at)
        settle()
        time.move(8 * 3600 + 14 * 60)  # 07:14
        settle()
        assert server.requests == []
        time.move(60)
        settle()
    assert bodies(server)[0]["event"] == "escalated"


def test_an_hourly_digest_gathers_what_came_in_the_hour(shop, ana):
    rule(ana, timing="hourly")
    with clock.freeze(utc("2026-03-03 10:05")) as time:
        make(shop, "one", began_at=time.at)
        settle()
        time.move(50 * 60)
        make(shop, "two", began_at=time.at)
        settle()
        assert mail.outbox == []
        time.move(5 * 60)
        settle()
    assert subjects() == ["2 alerts since Tue 10:05 UTC"]


def test_a_daily_digest_comes_at_its_time_where_the_receiver_is(shop, ann):
    rule(ann, timing="daily", digest_minute=8 * 60)
    with clock.freeze(utc("2026-03-03 10:05")) as time:
        make(shop, "one", began_at=time.at)
        settle()
    assert AlertMessage.objects.get().due_at == utc("2026-03-03 16:00")


@pytest.fixture
def rota(ana, ben):
    made = Rota(
        name="Nights", time_zone="UTC", every="daily", first_on=date(2026, 3, 2), minute=8 * 60
    )
    return rotas.put(made, members=[ana, ben])


def test_whoever_is_on_call_is_told(shop, rota, ana, ben):
    rule(rota)
    with clock.freeze(utc("2026-03-02 07:59")) as time:
        make(shop, "early", began_at=time.at)
        settle()
        assert AlertMessage.objects.get().last_answer == "Nobody is on call in Nights."
        time.move(60)
        make(shop, "one", began_at=time.at)
        settle()
        time.move(86_400)
        make(shop, "two", began_at=time.at)
        settle()
    assert [sent.to for sent in mail.outbox] == [[ana.email], [ben.email]]
    assert AlertMessage.objects.order_by("pk")[1].receiver == (
        "Operator <operator@kestrel.test>, on call in Nights"
    )


def test_where_nobody_can_be_told_the_next_step_hears_at_once(shop, rota, ana, server):
    """A gap is named in the log and does not cost the wait."""
    ana.is_active = False
    ana.save()
    rule(rota, webhook(server), waits=(0, 30))
    with clock.freeze(utc("2026-03-02 09:00")) as time:
        make(shop, "one", began_at=time.at)
        settle()
    assert AlertMessage.objects.order_by("pk")[0].last_answer == (
        "Operator does not work here any more."
    )
    assert bodies(server)[0]["event"] == "escalated"


def test_a_person_without_an_address_is_a_gap(shop, ana, ben):
    type(ana).objects.filter(pk=ana.pk).update(email="")
    rule(ana, ben, waits=(0, 30))
    make(shop, "one")
    settle()
    first = AlertMessage.objects.order_by("pk")[0]
    assert (first.state, first.last_answer) == ("failed", "Operator has no address.")
    assert [sent.to for sent in mail.outbox] == [[ben.email]]


def test_taking_over_lasts_until_the_next_handover(rota, ana, ben):
    with clock.freeze(utc("2026-03-02 12:00")) as time:
        made = rotas.take_over(rota, ben)
        assert (made.begins_at, made.ends_at) == (time.at, utc("2026-03-03 08:00"))
        assert rotas.load()[rota.pk].on_call(time.at) == ben
        with pytest.raises(NoSwapError, match="Engineer is on call already"):
            rotas.take_over(rota, ben)
        assert rotas.load()[rota.pk].on_call(utc("2026-03-04 09:00")) == ana


@pytest.mark.parametrize(
    ("begins", "ends", "why"),
    [
        ("2026-03-03 12:00", "2026-03-03 12:00", "ends after it begins"),
        ("2026-03-01 12:00", "2026-03-02 11:59", "That time is over"),
        ("2026-03-03 12:00", "2026-05-04 12:01", "62 days at most"),
    ],
)
def test_a_swap_that_cannot_be_is_refused(rota, ana, begins, ends, why):
    with clock.freeze(utc("2026-03-02 12:00")), pytest.raises(NoSwapError, match=why):
        rotas.swap(rota, ana, begins_at=utc(begins), ends_at=utc(ends), by="Ana")
