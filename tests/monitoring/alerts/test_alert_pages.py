"""The pages of alerts: who sees them, what they say, what they cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.domain import closing
from monitoring.domain.alerts import rotas
from monitoring.models import Alert, AlertMessage, Rota
from portal.core import clock
from tests.core.web_server import answer
from tests.monitoring.alerts.scenery import rule, settle, webhook
from tests.monitoring.desk import NOON, make
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = [pytest.mark.db, pytest.mark.long]
PLANTED = "Zq7RplantedT9x"
READ = ["/alerts/", "/alerts/sent/", "/alerts/rules/", "/alerts/channels/", "/alerts/on-call/"]
EDIT = ["/alerts/rules/new/cases/", "/alerts/channels/new/slack/", "/alerts/on-call/new/"]


@pytest.mark.parametrize("url", READ)
def test_the_partners_people_see_them_and_nobody_else(
    operator, engineer, viewer, stranger, client, kestrel, url
):
    assert operator.get(url).status_code == 200
    assert engineer.get(url).status_code == 200
    assert viewer.get(url).status_code == 403
    assert client.get(url, HTTP_HOST=kestrel.host).status_code == 302
    assert stranger.get(url, HTTP_HOST=kestrel.host).status_code == 302
    assert sign_in(kestrel, "finance").get(url).status_code == 403


@pytest.mark.parametrize("url", EDIT)
def test_operators_change_no_rule_channel_or_rota(operator, engineer, url):
    assert operator.get(url).status_code == 403
    assert operator.post(url, {}).status_code == 403
    assert engineer.get(url).status_code == 200


def test_what_belongs_to_one_partner_is_not_at_the_other(stranger, shop, desk, nights):
    made = rule(desk)
    make(shop, "one")
    settle()
    message, alert = AlertMessage.objects.get(), Alert.objects.get()
    for url in (
        f"/alerts/sent/{message.pk}/", f"/alerts/rules/{made.pk}/",
        f"/alerts/channels/{desk.pk}/", f"/alerts/on-call/{nights.pk}/",
    ):  # fmt: skip
        assert stranger.get(url).status_code in (403, 404)
    assert stranger.post(f"/alerts/{alert.pk}/acknowledge/").status_code == 404
    assert b"one" not in stranger.get("/alerts/").content.split(b"<main")[1].split(b"<footer")[0]


def test_what_fires_says_what_where_and_who_has_it(operator, shop, desk, ana):
    rule(desk, ana, waits=(0, 15))
    with clock.freeze(NOON):
        case = make(shop, "SKU TENT-OLD is not known", began_at=NOON, severity=1, at_risk=1792)
        settle()
        shown = page(operator.get("/alerts/"))
    [row] = shown.select("tbody tr")
    assert row.select_one(".severity").text == "S1"
    assert row.select_one("th a")["href"] == f"/cases/{case.pk}/"
    assert texts(row, "th .second") == [f"{case.label} · Harbor Outfitters · Web shop"]
    assert texts(row, "td")[1] == "$1,792.00"
    assert texts(row, ".clock-words") == ["4 h"]
    assert texts(row, "td")[3:] == ["nobody", "12:00", "1 message", "12:15", "I have it"]
    assert row.select_one("[data-key=h][data-key-row]").text == "I have it"
    assert "H I have it" in texts(shown, ".key-hint")


def test_nothing_that_fires_says_when_the_last_was_over(operator, shop, desk):
    rule(desk)
    assert "Nothing fires, and nothing ever did." in page(operator.get("/alerts/")).text
    with clock.freeze(NOON):
        case = make(shop, "one", began_at=NOON)
        settle()
        closing.close([case.pk], cause="mended")
        settle()
        assert (
            "Nothing fires. The last alert was over 12:00." in page(operator.get("/alerts/")).text
        )


def test_an_operator_says_that_they_have_it(operator, shop, desk, server):
    rule(desk)
    make(shop, "one")
    settle()
    alert = Alert.objects.get()
    told = operator.post(f"/alerts/{alert.pk}/acknowledge/", follow=True)
    assert "one: you have it. Nobody is told again." in told.text
    assert texts(page(told), "tbody td")[3] == "Operator"
    again = operator.post(f"/alerts/{alert.pk}/acknowledge/", follow=True)
    assert "Operator has it already." in again.text
    assert operator.get(f"/alerts/{alert.pk}/acknowledge/").status_code == 405
    assert operator.post("/alerts/999999/acknowledge/").status_code == 404


def test_the_rail_counts_what_nobody_has(operator, shop, desk):
    rule(desk)
    make(shop, "one")
    make(shop, "two")
    settle()
    [entry] = [
        one for one in texts(page(operator.get("/alerts/")), ".rail-entry") if "Alerts" in one
    ]
    assert entry == "Alerts 2"


def test_a_channel_that_fails_is_red_where_people_look(operator, shop, desk, server):
    server.answers["/alerts"] = answer(503, b"closed")
    rule(desk)
    make(shop, "one")
    settle()
    shown = page(operator.get("/alerts/"))
    assert "127.0.0.1 answered 503: closed" in texts(shown, ".notice[data-state=bad]")[0]
    listed = page(operator.get("/alerts/channels/"))
    assert listed.select("tbody .shape-bad")
    assert "closed" in texts(page(operator.get(f"/alerts/channels/{desk.pk}/")), ".notice")[0]


def test_the_log_says_what_was_sent_to_whom(operator, shop, desk, ana):
    rule(desk, ana)
    make(shop, "one")
    settle()
    shown = page(operator.get("/alerts/sent/"))
    assert sorted(texts(shown, "tbody td[data-label=To]")) == [
        "Operator <operator@kestrel.test>", "Own desk (Webhook)",
    ]  # fmt: skip
    assert texts(shown, "tbody td[data-label=State]") == ["sent", "sent"]
    only = page(operator.get(f"/alerts/sent/?channel={desk.pk}"))
    assert texts(only, "tbody td[data-label=To]") == ["Own desk (Webhook)"]
    assert "No message matches." in page(operator.get("/alerts/sent/?state=failed")).text
    assert operator.get("/alerts/sent/?state=x&channel=x&before=x").status_code == 200


def test_one_message_shows_its_words_and_not_its_link(operator, shop, ana):
    rule(ana)
    make(shop, "one")
    settle()
    message = AlertMessage.objects.get()
    shown = page(operator.get(f"/alerts/sent/{message.pk}/"))
    words = shown.select_one("pre").text
    assert words.startswith("S2 one\nHarbor Outfitters · Web shop\n")
    assert "without signing in: the link is not shown" in words
    assert "/ack/" not in shown.text


def test_hostile_names_are_text_everywhere(engineer, shop, server):
    evil = "<script>alert(1)</script>"
    made = webhook(server, evil)
    kept = rule(made, name=f"{evil} rule")
    make(shop, evil)
    settle()
    for url in (*READ, f"/alerts/channels/{made.pk}/", f"/alerts/rules/{kept.pk}/",
                f"/alerts/sent/{AlertMessage.objects.get().pk}/"):  # fmt: skip
        assert b"<script>alert" not in engineer.get(url).content


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("url", READ)
def test_a_page_takes_as_many_queries_for_three_rows_as_for_one(
    engineer, shop, server, ana, ben, url, rows
):
    for n in range(rows):
        channel = webhook(server, f"Desk {n}", f"/{n}")
        made = Rota(
            name=f"R{n}", time_zone="UTC", every="daily", first_on=date(2026, 3, 2), minute=0
        )
        rule(channel, rotas.put(made, members=[ana, ben]), name=f"Rule {n}", waits=(0, 15))
        make(shop, f"cause {n}")
    settle()
    engineer.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert engineer.get(url).status_code == 200
    assert len(asked) <= 30, [one["sql"][:150] for one in asked]
    _COUNTS.setdefault(url, len(asked))
    assert len(asked) == _COUNTS[url]


_COUNTS: dict[str, int] = {}


@pytest.mark.parametrize("url", [*READ, *EDIT])
def test_every_field_has_a_label_and_every_button_a_word(engineer, shop, desk, nights, url):
    rule(desk)
    make(shop, "one")
    settle()
    shown = page(engineer.get(url)).main
    for field in shown.select("input:not([type=hidden]), select, textarea"):
        named = field.get("aria-label") or shown.select(f"label[for={field['id']}]")
        assert named, field
    assert all(button.get_text(strip=True) for button in shown.select("button"))
    assert all(table.caption for table in shown.select("table"))


def test_what_fires_renews_itself_and_answers_nothing_while_it_is_as_it_was(operator, shop, desk):
    rule(desk)
    with clock.freeze(NOON):
        url = page(operator.get("/alerts/")).select_one("#panel-firing")["hx-get"]
        assert operator.get(url).status_code == 204
        make(shop, "one", began_at=NOON)
        settle()
        soup = page(operator.get(url))
        [row] = soup.select("tbody tr")
        assert row.select_one("[data-row-link]").text == "one"
        again = soup.select_one("#panel-firing")["hx-get"]
        assert operator.get(again).status_code == 204
    assert operator.get("/alerts/nothing/").status_code == 404


def test_what_renews_itself_holds_no_token_and_its_buttons_work_without_scripts(
    operator, shop, desk
):
    rule(desk)
    make(shop, "one")
    settle()
    shown = page(operator.get("/alerts/"))
    assert shown.select("#panel-firing input") == []
    button = shown.select_one("#panel-firing button")
    form = shown.select_one(f"form#{button['form']}")
    assert form.select_one("[name=csrfmiddlewaretoken]")
    assert operator.post(button["formaction"]).status_code == 302
    assert Alert.objects.get().acknowledged_at


@pytest.mark.parametrize("many", [1, 3])
def test_the_part_that_renews_itself_costs_the_same_for_one_and_for_three(
    operator, shop, desk, many
):
    rule(desk)
    for number in range(many):
        make(shop, f"case {number}")
    settle()
    with CaptureQueriesContext(connection) as seen:
        assert len(page(operator.get("/alerts/firing/")).select("tbody tr")) == many
    assert len(seen) <= 14, [one["sql"] for one in seen.captured_queries]
