"""Receivers over the API: set up, paused, their secrets, their log, sending again, and whose they are."""

import json
from datetime import timedelta

import pytest
from django_tenants.utils import schema_context

from portal.accounts.models import ApiToken, KeptAnswer, Person
from portal.core import clock
from portal.core.secrets import decrypt
from portal.tenants.models import Partner
from portal.webhooks.models import Webhook, WebhookDelivery
from tests.api.asking import Program, program, token
from tests.api.test_isolation import site  # noqa: F401 - fixture
from tests.api.test_problems import problem
from tests.isolation.limited import for_harbor
from tests.webhooks.conftest import _nothing_remembered, listening, server  # noqa: F401 - fixtures
from tests.webhooks.scenery import happen, hook, numbers, send

pytestmark = pytest.mark.db


def done(answer, status: int = 200) -> dict:
    assert answer.status_code == status, answer.content
    return answer.json()


def lake(server, **fields) -> dict:  # noqa: F811
    return {"name": "Data lake", "url": server.url("/in"), **fields}


def changed(app: Program, pk: int, **fields):
    etag = app.get(f"webhooks/{pk}/")["ETag"]
    return app.send("PATCH", f"webhooks/{pk}/", fields, **{"If-Match": etag})


def test_one_is_made_and_its_secret_is_said_once_and_kept_nowhere(app, server):  # noqa: F811
    key = {"Idempotency-Key": "w"}
    answer = app.post("webhooks/", lake(server, types=["order.created"], customer="harbor"), **key)
    said = done(answer, 201)
    row = Webhook.objects.get()
    assert decrypt(row.secrets)["current"].reveal() == said["secret"]
    assert answer["Cache-Control"] == "no-store"
    assert (said["customer"], said["types"], said["made_by"]) == (
        "harbor",
        ["order.created"],
        "Ana Ruiz",
    )
    again = done(
        app.post("webhooks/", lake(server, types=["order.created"], customer="harbor"), **key), 201
    )
    assert (again["id"], again["secret"]) == (row.pk, None)
    assert said["secret"] not in json.dumps(list(KeptAnswer.objects.values_list("body", flat=True)))
    assert b"whsec_" not in app.get("webhooks/").content + app.get(f"webhooks/{row.pk}/").content


def test_what_cannot_be_a_receiver_is_said_where_it_stands(app, server, listening):  # noqa: F811
    body = lake(
        server, name="data LAKE", url="https://ana:pw@events.example.com/", types=["order.eaten"]
    )
    said = problem(app.post("webhooks/", body), 422, "invalid")
    assert [one["pointer"] for one in said["errors"]] == ["/name", "/url", "/types"]
    said = problem(app.post("webhooks/", lake(server, customer="nobody")), 422, "invalid")
    assert said["errors"][0]["pointer"] == "/customer"
    said = problem(app.post("webhooks/", lake(server, secret="x")), 422, "invalid")
    assert said["errors"][0]["pointer"] == "/secret"
    assert Webhook.objects.count() == 1


def test_one_is_changed_in_pieces_and_as_it_was_read(app, listening):  # noqa: F811
    pk = listening.row.pk
    said = done(changed(app, pk, types=["order.created"], customer="harbor"))
    assert (said["name"], said["types"], said["customer"]) == (
        "Data lake",
        ["order.created"],
        "harbor",
    )
    said = done(changed(app, pk, name="Lake", types=[], customer=""))
    assert (said["name"], said["types"], said["customer"]) == ("Lake", [], "")
    assert Webhook.objects.get().url == listening.row.url
    problem(app.send("PATCH", f"webhooks/{pk}/", {"name": "A"}), 428, "precondition-required")
    problem(
        app.send("PATCH", f"webhooks/{pk}/", {"name": "A"}, **{"If-Match": '"x"'}), 412, "changed"
    )
    assert b"whsec_" not in app.get(f"webhooks/{pk}/").content


def test_one_is_paused_goes_on_and_is_deleted(app, listening):  # noqa: F811
    pk = listening.row.pk
    assert done(app.post(f"webhooks/{pk}/pause/"))["is_on"] is False
    problem(app.post(f"webhooks/{pk}/test/"), 409, "conflict")
    assert [one["id"] for one in done(app.get("webhooks/?is_on=false"))["items"]] == [pk]
    assert done(app.post(f"webhooks/{pk}/resume/"))["is_on"] is True
    assert app.send("DELETE", f"webhooks/{pk}/").status_code == 204
    problem(app.get(f"webhooks/{pk}/"), 404, "not-found")
    problem(app.send("DELETE", f"webhooks/{pk}/"), 404, "not-found")


def test_a_secret_is_exchanged_and_the_one_before_signs_on_for_a_day(app, listening):  # noqa: F811
    said = done(app.post(f"webhooks/{listening.row.pk}/secret/"))
    kept = decrypt(listening.now().secrets)
    assert (kept["current"].reveal(), kept["previous"].reveal()) == (
        said["secret"],
        listening.secret,
    )
    assert said["previous_until"] is not None


def test_the_log_says_what_was_sent_and_sends_it_again(app, kestrel, server, listening):  # noqa: F811
    happen(kestrel.harbor, "1001", "1002")
    send()
    pk = listening.row.pk
    log = done(app.get(f"webhooks/{pk}/deliveries/?state=sent"))["items"]
    assert [one["type"] for one in log] == ["order.created"] * 2
    one = done(app.get(f"webhooks/{pk}/deliveries/{log[0]['id']}/"))
    assert one["body"]["data"]["number"] == "1002"
    assert [a["status"] for a in one["attempts"]] == [200] or one["attempts"][0]["status"] < 300
    done(app.post(f"webhooks/{pk}/deliveries/{log[0]['id']}/resend/"))
    send()
    assert sorted(numbers(server)) == ["1001", "1002", "1002"]  # several go at once
    assert numbers(server)[-1] == "1002"
    assert done(app.get(f"webhooks/{pk}/health/"))["good"] == 3


def test_what_was_kept_is_sent_again_since_a_moment(app, kestrel, server, listening):  # noqa: F811
    happen(kestrel.harbor, "1001")
    send()
    path = f"webhooks/{listening.row.pk}/replay/"
    hour = {"since": (clock.now() - timedelta(hours=1)).isoformat()}
    assert done(app.post(path, hour))["total"] == 1
    problem(app.post(path, hour), 409, "conflict")
    assert done(app.get(f"webhooks/{listening.row.pk}/health/"))["replay"]["total"] == 1
    send()
    assert numbers(server) == ["1001", "1001"]
    said = problem(app.post(path, {"since": "2020-01-01T00:00:00Z"}), 422, "invalid")
    assert said["errors"][0]["pointer"] == "/since"
    said = problem(app.post(path, {**hour, "type": "order.eaten"}), 422, "invalid")
    assert said["errors"][0]["pointer"] == "/type"


def test_a_message_is_not_found_under_another_webhook(app, kestrel, server, listening):  # noqa: F811
    other = hook(server, "Other", "/other", types=["invoice.paid"])
    happen(kestrel.harbor, "1001")
    number = WebhookDelivery.objects.get().pk
    problem(app.get(f"webhooks/{other.row.pk}/deliveries/{number}/"), 404, "not-found")
    problem(app.post(f"webhooks/{other.row.pk}/deliveries/{number}/resend/"), 404, "not-found")


def test_whoever_may_not_manage_them_is_refused(kestrel, own, listening):  # noqa: F811
    for asking in (program(kestrel, role="operator"), program(kestrel, "people.manage"), own):
        for path in ("webhooks/", f"webhooks/{listening.row.pk}/"):
            problem(asking.get(path), 403, "not-allowed")
        problem(asking.post(f"webhooks/{listening.row.pk}/secret/"), 403, "not-allowed")
    assert decrypt(listening.now().secrets)["current"].reveal() == listening.secret


def test_where_they_are_not_part_of_the_site_they_are_refused(app, kestrel, listening):  # noqa: F811
    Partner.objects.filter(schema_name="kestrel").update(flags_off=["webhooks"])
    problem(app.get("webhooks/"), 403, "not-included")


def test_whoever_works_for_one_customer_reaches_its_receivers_only(planted, site):  # noqa: F811
    for_harbor(planted, "admin")
    found, text = token(site)
    with schema_context("kestrel"):
        limited = Person.objects.get(email="limited-admin@kestrel.test")
        ApiToken.objects.filter(pk=found.pk).update(maker=limited)
        hooks = {one.customer_id: one for one in Webhook.objects.exclude(customer=None)}
        of_all = Webhook.objects.create(
            name="All",
            url="https://events.example.com/",
            secrets=hooks[site.harbor].secrets,
            made_by="Ana",
        )
    app = Program(site, text)
    listed = {one["id"] for one in done(app.get("webhooks/"))["items"]}
    assert hooks[site.harbor].pk in listed
    assert hooks[site.maris].pk not in listed
    for path in ("", "deliveries/", "health/"):
        problem(app.get(f"webhooks/{hooks[site.maris].pk}/{path}"), 404, "not-found")
    for path in ("pause/", "secret/", "test/", "replay/"):
        answer = app.post(
            f"webhooks/{hooks[site.maris].pk}/{path}",
            {"since": clock.now().isoformat()} if path == "replay/" else None,
        )
        problem(answer, 404, "not-found")
    for answer in (
        app.send("DELETE", f"webhooks/{hooks[site.maris].pk}/"),
        app.post(f"webhooks/{of_all.pk}/pause/"),
    ):
        assert answer.status_code in (403, 404), answer.content
    with schema_context("kestrel"):
        assert Webhook.objects.get(pk=of_all.pk).is_on
