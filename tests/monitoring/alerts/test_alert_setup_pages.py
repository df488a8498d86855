"""The pages on which people are told to be told: rules, channels, and who is on call."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry

from monitoring.domain.alerts import rotas, setup
from monitoring.models import AlertChannel, AlertMessage, AlertRule, RotaSwap
from portal.core import clock
from portal.core.secrets import decrypt
from tests.monitoring.alerts.scenery import errors, rule, settle
from tests.monitoring.desk import NOON, make
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db
PLANTED = "Zq7RplantedT9x"


def test_a_rule_is_made_with_its_steps(engineer, kestrel, desk, nights, ana):
    given = {
        "name": "Urgent", "customer": kestrel.harbor, "severity": 2, "category": "master data",
        "code": "unknown_sku", "value_over": "1000", "timing": "at_once", "digest_minute": "08:00",
        "quiet_from": "22:00", "quiet_until": "07:00", "urgent_passes": "on", "is_on": "on",
        "repeat_minutes": "1 h 30", "to_0": f"rota:{nights.pk}", "to_1": f"channel:{desk.pk}",
        "wait_1": "15 min", "to_2": f"person:{ana.pk}", "wait_2": "",
    }  # fmt: skip
    told = engineer.post("/alerts/rules/new/cases/", given, follow=True)
    [row] = page(told).select("tbody tr")
    assert texts(row, "th .second") == [
        "cases: S2 and worse · unknown item · over 1,000.00 at risk · Harbor Outfitters"
    ]
    assert texts(row, "td") == [
        "at once · quiet 22:00–07:00, S1 rings",
        "Nights; after 15 min Own desk, Operator",
        "on",
    ]
    made = AlertRule.objects.get()
    assert (made.quiet_from, made.quiet_until, made.repeat_minutes) == (1320, 420, 90)
    form = page(engineer.get(f"/alerts/rules/{made.pk}/"))
    assert form.select_one("#id_wait_1")["value"] == "15 min"
    assert form.select_one("#id_quiet_from")["value"] == "22:00"
    assert form.select_one("#id_to_0 option[selected]")["value"] == f"rota:{nights.pk}"


def test_a_limit_is_a_rule_with_a_time(engineer, desk):
    given = {
        "name": "Stock", "severity": 3, "minutes": "1 h", "timing": "hourly",
        "digest_minute": "08:00", "is_on": "on", "to_0": f"channel:{desk.pk}",
    }  # fmt: skip
    told = engineer.post("/alerts/rules/new/old_stock/", given, follow=True)
    assert texts(page(told), "tbody th .second") == [
        "no stock report for 1 h · all customers · as S3"
    ]
    assert engineer.get("/alerts/rules/new/nonsense/").status_code == 404


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"to_0": ""}, "Choose who is told."),
        ({"quiet_from": "22:00"}, "Quiet hours have a beginning and an end."),
        (
            {"quiet_from": "22:00", "quiet_until": "22:00"},
            "Quiet hours begin and end at different times.",
        ),
        ({"repeat_minutes": "soon"}, "Write a time such as 15 min or 1 h 30, of a week at most."),
        ({"repeat_minutes": "1"}, "Write a time such as 15 min or 1 h 30, of a week at most."),
        (
            {"code": "unknown_sku", "category": "connection"},
            "This cause is of the category master data.",
        ),
        ({"to_0": "person:999999"}, "Select a valid choice."),
        ({"name": "everything"}, "There is a rule of this name: choose another."),
    ],
)
def test_a_rule_that_cannot_be_says_why(engineer, desk, changed, why):
    rule(desk)
    given = {
        "name": "New", "severity": 2, "timing": "at_once", "digest_minute": "08:00",
        "to_0": f"channel:{desk.pk}",
    }  # fmt: skip
    found = errors(engineer.post("/alerts/rules/new/cases/", {**given, **changed}))
    assert any(why in one for one in found), found
    assert AlertRule.objects.count() == 1


def test_a_customers_person_can_be_no_receiver(engineer, viewer, desk):
    from portal.accounts.models import Person

    person = Person.objects.get(email="viewer@kestrel.test")
    given = {"name": "N", "severity": 2, "timing": "at_once", "digest_minute": "08:00",
             "to_0": f"person:{person.pk}"}  # fmt: skip
    assert engineer.post("/alerts/rules/new/cases/", given).status_code == 422


def test_a_new_rule_is_silent_about_what_was_there_before(engineer, shop, desk, server):
    make(shop, "old", began_at=clock.now() - timedelta(minutes=1))
    given = {"name": "New", "severity": 4, "timing": "at_once", "digest_minute": "08:00",
             "is_on": "on", "to_0": f"channel:{desk.pk}"}  # fmt: skip
    engineer.post("/alerts/rules/new/cases/", given)
    settle()
    assert server.requests == []
    make(shop, "new", began_at=clock.now())
    settle()
    assert len(server.requests) == 1


def test_a_deleted_rule_asks_first_and_leaves_the_log(engineer, shop, desk):
    made = rule(desk)
    make(shop, "one")
    settle()
    asked = page(engineer.get(f"/alerts/rules/{made.pk}/delete/"))
    assert "1 alert would go no further by it." in asked.text
    engineer.post(f"/alerts/rules/{made.pk}/delete/")
    assert (AlertRule.objects.count(), AlertMessage.objects.count()) == (0, 1)


def test_a_channels_secret_is_written_and_never_read(engineer, kestrel):
    url = f"https://hooks.slack.com/services/T0/B0/{PLANTED}"
    told = engineer.post(
        "/alerts/channels/new/slack/", {"name": "Ops", "url": url, "is_on": "on"}, follow=True
    )
    made = AlertChannel.objects.get()
    assert decrypt(bytes(made.secrets))["url"].reveal() == url
    assert "hooks.slack.com" in page(told).text
    form = engineer.get(f"/alerts/channels/{made.pk}/edit/")
    assert "It is set and not shown." in form.text
    engineer.post(
        f"/alerts/channels/{made.pk}/edit/", {"name": "Ops room", "url": "", "is_on": "on"}
    )
    made.refresh_from_db()
    assert (made.name, decrypt(bytes(made.secrets))["url"].reveal()) == ("Ops room", url)
    refused = engineer.post(
        f"/alerts/channels/{made.pk}/edit/", {"name": "", "url": url, "is_on": "on"}
    )
    everything = [told.text, form.text, refused.text, engineer.get("/alerts/channels/").text]
    everything += [str(entry.changes) for entry in LogEntry.objects.all()]
    assert not [one for one in everything if PLANTED in one]


@pytest.mark.parametrize(
    ("kind", "given", "why"),
    [
        ("slack", {"url": "https://evil.test/hooks.slack.com"}, "The address begins like https://hooks.slack.com"),
        ("slack", {"url": "slack://T0/B0/x"}, "The address begins like https://hooks.slack.com"),
        ("teams", {"url": "https://evil.test/.logic.azure.com"}, "The address begins like"),
        ("webhook", {"url": "http://10.0.0.8/in", "secret": "s" * 16}, "10.0.0.8 is not on the internet"),
        ("webhook", {"url": "http://169.254.169.254/", "secret": "s" * 16}, "169.254.169.254 is not on the internet"),
        ("webhook", {"url": "file:///etc/passwd", "secret": "s" * 16}, "The address begins with https://"),
        ("webhook", {"url": "json://a.test/", "secret": "s" * 16}, "The address begins with https://"),
        ("webhook", {"url": "http://127.0.0.1/", "secret": "short"}, "at least 16 characters"),
        ("pagerduty", {"routing_key": "x" * 31, "region": "us"}, "An integration key has 32 letters and digits."),
        ("pagerduty", {"routing_key": "x" * 32, "region": "http://evil"}, "Select a valid choice."),
        ("mail", {"addresses": "nobody"}, "nobody is no mail address."),
        ("mail", {"addresses": "a@b.test\r\nBcc: x"}, "Bcc: x is no mail address."),
        ("mail", {"addresses": "\n".join(f"a{n}@b.test" for n in range(21))}, "Enter 1 to 20 addresses."),
    ],
)  # fmt: skip
def test_an_address_that_must_not_be_called_is_refused(engineer, kind, given, why):
    found = errors(
        engineer.post(f"/alerts/channels/new/{kind}/", {"name": "X", "is_on": "on", **given})
    )
    assert any(why in one for one in found), found
    assert not AlertChannel.objects.exists()


def test_there_is_no_other_kind_of_channel(engineer):
    assert engineer.get("/alerts/channels/new/json/").status_code == 404


def test_a_test_is_sent_and_what_became_of_it_is_shown(engineer, operator, desk, server):
    assert operator.post(f"/alerts/channels/{desk.pk}/test/").status_code == 403
    told = engineer.post(f"/alerts/channels/{desk.pk}/test/", follow=True)
    assert texts(page(told), "tbody td[data-label=State]") == ["to be sent"]
    settle()
    shown = page(engineer.get(f"/alerts/channels/{desk.pk}/"))
    assert texts(shown, "tbody td[data-label=State]") == ["sent"]


def test_on_call_says_who_is_and_who_is_next(operator, nights):
    with clock.freeze(NOON):
        shown = page(operator.get("/alerts/on-call/"))
        assert texts(shown, "tbody td")[:2] == ["Operator", "Engineer from Tue 3 Mar 08:00"]
        assert texts(shown, "tbody th .second") == ["every day at 08:00, UTC"]
        four_weeks = page(operator.get(f"/alerts/on-call/{nights.pk}/"))
        assert len(four_weeks.select("tbody tr")) == 29  # today's, and 28 handovers
        assert texts(four_weeks, "tbody tr")[0] == "Operator now Tue 3 Mar 08:00"


def test_an_operator_takes_over_and_swaps(operator, nights, ana, ben):
    with clock.freeze(NOON + timedelta(days=1)):  # Ben's day
        told = operator.post(f"/alerts/on-call/{nights.pk}/take-over/", follow=True)
        assert "You are on call until Wed 4 Mar 08:00." in told.text
        swap = RotaSwap.objects.get()
        assert (swap.person, swap.made_by) == (ana, "Operator")
        operator.post(f"/alerts/on-call/{nights.pk}/swaps/{swap.pk}/undo/")
        assert not RotaSwap.objects.exists()
        given = {"person": ben.pk, "begins_at": "2026-03-04T08:00", "ends_at": "2026-03-05T08:00"}
        operator.post(f"/alerts/on-call/{nights.pk}/swap/", given)
        assert rotas.load()[nights.pk].on_call(NOON + timedelta(days=2)) == ben
        wrong = {**given, "ends_at": "2026-03-04T07:00"}
        assert errors(operator.post(f"/alerts/on-call/{nights.pk}/swap/", wrong)) == [
            "A swap ends after it begins."
        ]


def test_a_rota_is_made_of_people_in_their_order(engineer, ana, ben):
    given = {
        "name": "Days", "every": "weekly", "first_on": "2026-03-02", "minute": "09:00",
        "time_zone": "America/Los_Angeles", "member_0": ben.pk, "member_1": ana.pk,
    }  # fmt: skip
    with clock.freeze(NOON):
        shown = page(engineer.post("/alerts/on-call/new/", given, follow=True))
        assert "Engineer, Operator" in texts(shown, "aside p")
        assert "on Mondays at 09:00, Los Angeles time" in shown.text
        assert errors(engineer.post("/alerts/on-call/new/", {**given, "name": "days"})) == [
            "There is a rota of this name: choose another."
        ]
        nobody = {**given, "name": "Other", "member_0": "", "member_1": ""}
        assert errors(engineer.post("/alerts/on-call/new/", nobody)) == [
            "Choose at least one person."
        ]


def test_a_gap_is_named_where_people_look(operator, nights, ana):
    type(ana).objects.filter(pk=ana.pk).update(email="gone@kestrel.test", is_active=True)
    nights.members.all().delete()
    shown = page(operator.get("/alerts/on-call/"))
    assert texts(shown, "tbody td")[0] == "nobody Nobody is told."
    assert shown.select("tbody .shape-bad")


def test_a_rule_that_is_switched_on_again_begins_anew(desk, shop, server):
    made = rule(desk, is_on=False)
    make(shop, "while it was off")
    made.is_on = True
    setup.put_rule(made, [setup.Step({"channel": desk}, 0)])
    settle()
    assert server.requests == []
