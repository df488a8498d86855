"""Pages of webhooks: setting one up, its log, sending again, and what is never shown."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core import clock, guard
from portal.core.secrets import decrypt
from portal.webhooks.domain import again, setup
from portal.webhooks.models import Webhook, WebhookDelivery, WebhookEvent, WebhookReplay
from tests.core.web_server import answer
from tests.pages.scenery import page, texts
from tests.people import sign_in
from tests.webhooks.scenery import happen, hook, numbers, send, story

pytestmark = pytest.mark.db


def given(server, **fields):
    return {
        "name": "Data lake",
        "url": server.url("/in"),
        "customer": "",
        "which": "every",
        **fields,
    }


def errors(response) -> list[str]:
    assert response.status_code == 422
    soup = BeautifulSoup(response.content, "html.parser")
    return [one.get_text(" ", strip=True) for one in soup.select(".field-error")]


def test_a_new_webhook_shows_its_secret_once(admin, server):
    made = admin.post("/webhooks/new/", given(server))
    soup = page(made)
    secret = soup.select_one("code").text
    assert secret.startswith("whsec_")
    assert made["Cache-Control"] == "no-store"
    row = Webhook.objects.get()
    assert decrypt(row.secrets)["current"].reveal() == secret
    assert (row.made_by, row.types, row.customer) == ("Admin", [], None)
    for path in ("", f"{row.pk}/", f"{row.pk}/edit/", f"{row.pk}/secret/", "new/", "events/"):
        shown = admin.get(f"/webhooks/{path}")
        assert shown.status_code == 200
        assert b"whsec_" not in shown.content.replace(b'removeprefix("whsec_")', b"").replace(
            b"removeprefix(&quot;whsec_&quot;)", b""
        )


def test_exchanging_asks_first_and_shows_the_new_secret_once(admin, listening):
    asked = page(admin.get(f"/webhooks/{listening.row.pk}/secret/"))
    assert "For 24 hours" in asked.main.text
    shown = page(admin.post(f"/webhooks/{listening.row.pk}/secret/"))
    new = shown.select_one("code").text
    kept = decrypt(listening.now().secrets)
    assert (kept["current"].reveal(), kept["previous"].reveal()) == (new, listening.secret)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://10.1.2.3/in", "10.1.2.3 is not on the internet"),
        ("https://169.254.169.254/latest/meta-data", "169.254.169.254 is not on the internet"),
        ("https://[::1]/in", "::1 is not on the internet"),
        ("https://2130706433/", "is not on the internet"),
        ("https://user:secret@10.1.2.3/in", "Leave the user and the password out"),
        ("ftp://10.1.2.3/in", "Enter a whole address"),
        ("javascript:alert(1)", "Enter a whole address"),
        ("https://10.1.2.3:99999/", "Enter a whole address"),
        ("https://10.1.2.3/in#part", "Leave out what stands behind the #"),
    ],
)  # fmt: skip
def test_an_address_that_is_not_called_is_refused_with_the_reason(
    admin, server, monkeypatch, url, words
):
    monkeypatch.setattr(guard, "_allowed", tuple)
    [error] = errors(admin.post("/webhooks/new/", given(server, url=url)))
    assert words in error
    assert Webhook.objects.count() == 0


def test_a_name_that_leads_inside_is_refused(admin, server, resolve, monkeypatch):
    monkeypatch.setattr(guard, "_allowed", tuple)
    resolve(rebound_test=[["127.0.0.1"]])
    [error] = errors(admin.post("/webhooks/new/", given(server, url="https://rebound.test/in")))
    assert error.startswith("rebound.test is not on the internet")


def test_without_tls_only_what_the_platform_allowed(admin, server, resolve, monkeypatch):
    resolve(shop_test=[["93.184.215.14"]])
    [error] = errors(admin.post("/webhooks/new/", given(server, url="http://shop.test/in")))
    assert error == "Use an https:// address: what is sent must not be readable on its way."
    assert (
        admin.post("/webhooks/new/", given(server)).status_code == 200
    )  # 127.0.0.0/8 is allowed here


def test_what_is_chosen_is_kept_and_nothing_chosen_is_refused(admin, kestrel, server):
    wanted = {
        "which": "some",
        "types": ["order.created", "case.opened"],
        "customer": kestrel.harbor,
    }
    admin.post("/webhooks/new/", given(server, **wanted))
    row = Webhook.objects.get()
    assert (row.types, row.customer_id) == (["case.opened", "order.created"], kestrel.harbor)
    assert errors(admin.post("/webhooks/new/", given(server, name="B", which="some"))) == [
        "Choose at least one event, or every one."
    ]
    unknown = admin.post(
        "/webhooks/new/", given(server, name="B", which="some", types=["webhook.test"])
    )
    assert unknown.status_code == 422
    assert errors(admin.post("/webhooks/new/", given(server, name="data LAKE"))) == [
        "There is a webhook of this name: choose another."
    ]


def test_editing_keeps_the_secret_and_who_made_it(admin, listening, server):
    url = f"/webhooks/{listening.row.pk}/edit/"
    form = page(admin.get(url))
    assert form.select_one("[name=url]")["value"] == server.url("/in")
    admin.post(
        url, given(server, name="Lake", url=server.url("/other"), secrets="x", made_by="Eve")
    )
    row = listening.now()
    assert (row.name, row.url, row.made_by) == ("Lake", server.url("/other"), "Ana")
    assert decrypt(row.secrets)["current"].reveal() == listening.secret


def test_a_test_stands_in_the_log_with_what_came_of_it(admin, kestrel, listening, server):
    server.answers["/in"] = answer(500, b"<script>alert(1)</script> broken")
    url = f"/webhooks/{listening.row.pk}/"
    assert admin.post(url + "test/").url == url
    send()
    log = page(admin.get(url))
    assert texts(log, "tbody .main a") == ["webhook.test"]
    assert "It answered 500. · asked for by Admin" in texts(log, "tbody .second")
    assert "failing since" in log.select_one("h1 + .status").text
    one = page(admin.get(log.select_one("tbody a")["href"]))
    assert '"text": "A test of Admin. Nothing happened."' in one.select_one("pre").text
    assert one.select("pre")[1].text == "<script>alert(1)</script> broken"
    assert not one.main.select("script")


def test_one_message_is_sent_once_more_with_the_same_id(admin, kestrel, listening, server):
    happen(kestrel.harbor, "1001")
    send()
    [first] = WebhookDelivery.objects.all()
    url = f"/webhooks/{listening.row.pk}/sent/{first.pk}/"
    onward = admin.post(url + "again/").url
    send()
    assert numbers(server) == ["1001", "1001"]
    ids = {headers["webhook-id"] for _, _, headers, _ in server.requests}
    assert len(ids) == 1
    assert "Admin" in page(admin.get(onward)).main.text


def test_what_happened_since_a_moment_is_sent_again_oldest_first(admin, kestrel, listening, server):
    began = clock.now() - timedelta(hours=3)
    happen(kestrel.harbor, "1001", "1002")
    happen(kestrel.harbor, "1003", event_type="order.changed")
    send()
    server.requests.clear()
    url = f"/webhooks/{listening.row.pk}/"
    asked = {"since": began.strftime("%Y-%m-%dT%H:%M"), "type": "order.created"}
    assert admin.post(url + "replay/", asked).url == url
    shown = page(admin.get(url))
    assert "0 of 2 sent again" in shown.select_one("#progress").text
    again_page = admin.post(url + "replay/", asked)
    assert again_page.status_code == 422
    assert b"A replay is under way" in again_page.content
    send()
    assert sorted(numbers(server)) == ["1001", "1002"]
    assert not page(admin.get(url)).select("#progress")
    assert admin.get(url + "progress/").headers["HX-Refresh"] == "true"


def test_a_replay_is_bounded_and_says_that_there_was_more(kestrel, listening, monkeypatch):
    monkeypatch.setattr(again, "MOST", 2)
    happen(kestrel.harbor, "1001", "1002", "1003")
    WebhookDelivery.objects.update(state="sent")
    made = again.replay(
        listening.now(), since=clock.now() - timedelta(hours=1), event_type="", by="Ana"
    )
    assert (made.total, made.left_out) == (2, True)
    assert WebhookDelivery.objects.filter(replay=made).count() == 2


def test_a_replay_for_one_customer_brings_nothing_of_another(kestrel, server):
    hook(server, "For all")
    own = hook(server, "Own", customer_id=kestrel.harbor)
    happen(kestrel.harbor, "1001")
    happen(kestrel.maris, "9001")
    happen(None, "house")
    WebhookDelivery.objects.update(state="sent")
    made = again.replay(own.row, since=clock.now() - timedelta(hours=1), event_type="", by="Ana")
    rows = WebhookDelivery.objects.filter(replay=made)
    assert list(rows.values_list("event__customer_id", flat=True)) == [kestrel.harbor]


def test_what_waits_anyway_is_not_sent_twice(kestrel, listening, server):
    happen(kestrel.harbor, "1001")
    again.replay(listening.now(), since=clock.now() - timedelta(hours=1), event_type="", by="Ana")
    send()
    assert numbers(server) == ["1001"]


def test_a_paused_webhook_sends_nothing_and_what_it_missed_can_be_sent(
    admin, kestrel, listening, server
):
    url = f"/webhooks/{listening.row.pk}/"
    happen(kestrel.harbor, "1001")
    admin.post(url + "pause/")
    happen(kestrel.harbor, "1002")
    send()
    assert server.requests == []
    assert b"switched off. Switch it on first" in admin.post(url + "test/", follow=True).content
    onward = admin.post(url + "resume/").url
    assert onward.startswith(url + "replay/?since=")
    assert page(admin.get(onward)).select_one("[name=since]")["value"]
    send()
    assert numbers(server) == ["1001"]  # it waited
    again.replay(listening.now(), since=clock.now() - timedelta(hours=1), event_type="", by="Ana")
    send()
    assert "1002" in numbers(server)


def test_a_moment_nobody_can_mean_is_refused(admin, listening):
    url = f"/webhooks/{listening.row.pk}/replay/"
    for since in ("2020-01-01T00:00", "9999-12-31T23:59", "yesterday", ""):
        assert admin.post(url, {"since": since, "type": ""}).status_code == 422
    assert admin.get(url + "?since=99999999999999").status_code == 200
    assert WebhookReplay.objects.count() == 0


def test_deleting_asks_first_and_takes_the_log_along(admin, kestrel, listening, server):
    happen(kestrel.harbor, "1001")
    send()
    url = f"/webhooks/{listening.row.pk}/delete/"
    assert "log of 1 message" in page(admin.get(url)).main.text
    assert admin.post(url).url == "/webhooks/"
    assert Webhook.objects.count() == WebhookDelivery.objects.count() == 0


def test_one_that_was_switched_off_is_red_and_counted_in_the_rail(
    admin, kestrel, listening, server
):
    server.answers["/in"] = answer(410)
    happen(kestrel.harbor, "1001")
    send()
    soup = page(admin.get("/webhooks/"))
    assert "switched off since" in soup.select_one("tbody .status").text
    assert soup.select_one("tbody .shape-bad")
    assert "Webhooks 1" in texts(soup, ".rail-entry")
    told = page(admin.get(f"/webhooks/{listening.row.pk}/")).select_one(".notice")
    assert "It answered 410: it wants nothing any more." in told.text


def test_the_share_of_a_day_is_said_with_how_many_tries_that_is(admin, kestrel, listening, server):
    happen(kestrel.harbor, "1", "2", "3")
    send()
    server.answers["/in"] = answer(500)
    happen(kestrel.harbor, "4")
    send()
    soup = page(admin.get("/webhooks/"))
    assert texts(soup, "tbody td.num") == ["75.0 % of 4 tries"]  # 3 of 4


def test_the_log_is_filtered_and_goes_back_page_by_page(admin, kestrel, listening, monkeypatch):
    from portal.webhooks.views import log

    monkeypatch.setattr(log, "SIZE", 2)
    happen(kestrel.harbor, "1", "2", "3")
    happen(kestrel.harbor, "4", event_type="order.changed")
    url = f"/webhooks/{listening.row.pk}/"
    first = page(admin.get(url))
    assert texts(first, "tbody .main a") == ["order.changed", "order.created"]
    older = first.select_one("a[rel=next]")["href"]
    assert texts(page(admin.get(older)), "tbody .main a") == ["order.created", "order.created"]
    assert texts(page(admin.get(url + "?type=order.changed")), "tbody .main a") == ["order.changed"]
    assert "No message matches" in page(admin.get(url + "?state=sent")).main.text
    assert admin.get(url + "?before=x&state=%27&type=%27").status_code == 200


@pytest.mark.parametrize("path", ["", "{pk}/"])
def test_pages_ask_as_much_for_three_rows_as_for_one(admin, kestrel, server, path):
    first = hook(server, "A")
    happen(kestrel.harbor, "1")
    url = f"/webhooks/{path.format(pk=first.row.pk)}"
    admin.get(url)
    with CaptureQueriesContext(connection) as one:
        admin.get(url)
    hook(server, "B", customer_id=kestrel.harbor)
    hook(server, "C", customer_id=kestrel.maris)
    happen(kestrel.harbor, "2", "3")
    send()
    with CaptureQueriesContext(connection) as three:
        admin.get(url)
    assert len(three) == len(one)


def test_a_message_of_another_webhook_is_not_found(admin, kestrel, server):
    one, other = hook(server, "A"), hook(server, "B")
    happen(kestrel.harbor, "1")
    row = WebhookDelivery.objects.get(webhook=other.row)
    assert admin.get(f"/webhooks/{one.row.pk}/sent/{row.pk}/").status_code == 404
    assert admin.post(f"/webhooks/{one.row.pk}/sent/{row.pk}/again/").status_code == 404


@pytest.mark.parametrize("role", ["operator", "finance"])
def test_whoever_may_not_manage_them_is_refused(kestrel, listening, role):
    client = sign_in(kestrel, role)
    for path in ("", f"{listening.row.pk}/", "events/", "new/"):
        assert client.get(f"/webhooks/{path}").status_code == 403


def test_neither_a_customer_nor_a_stranger_sees_them(viewer, stranger, listening):
    assert viewer.get("/webhooks/").status_code == 403
    assert stranger.get(f"/webhooks/{listening.row.pk}/").status_code in (403, 404)


def test_every_event_has_a_page_with_its_schema(engineer):
    listed = page(engineer.get("/webhooks/events/"))
    links = [one["href"] for one in listed.select("tbody a")]
    assert len(links) == 48
    shown = page(engineer.get("/webhooks/events/order.created/"))
    assert "An order came in." in shown.main.text
    assert engineer.get("/webhooks/events/nothing.at_all/").status_code == 404


def test_the_snippet_on_the_page_takes_what_is_sent_and_nothing_else(
    engineer, kestrel, listening, server
):
    """The reader copies it: it has to work as it stands there."""
    snippet = page(engineer.get("/webhooks/events/")).select_one("pre").text
    room: dict = {}
    exec(snippet, room)
    happen(kestrel.harbor, "1001")
    send()
    _, _, headers, body = server.requests[0]
    assert room["is_genuine"](headers, body, listening.secret)
    assert not room["is_genuine"](headers, body + b" ", listening.secret)
    assert not room["is_genuine"](headers, body, setup.new_secret())


def test_the_host_and_a_secret_in_an_address_are_not_shown(admin, server):
    hook(server, path="/in?token=hunter2hunter2")
    assert b"hunter2" not in admin.get("/webhooks/").content


def test_a_receiver_that_answers_the_wrong_thing_cannot_break_the_page(
    admin, kestrel, listening, server
):
    server.answers["/in"] = answer(500, bytes(range(256)) * 4)
    happen(kestrel.harbor, "1001")
    send()
    row = WebhookDelivery.objects.get()
    assert admin.get(f"/webhooks/{listening.row.pk}/sent/{row.pk}/").status_code == 200


def test_what_is_sent_names_no_vendor(kestrel, listening, server):
    happen(kestrel.harbor, "1001")
    send()
    said = re.sub(r"\s", "", str(server.requests)).lower()
    assert "crossdock" not in said
    assert story() == [("order.created", "sent", 1)]
    assert WebhookEvent.objects.get().message_id.startswith("evt_")
