"""ETags, If-Match, Idempotency-Key, rate limits, and versions that go."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.urls import path

from monitoring.models import CaseEvent, ExceptionCase
from portal import asgi, urls
from portal.accounts.models import ApiToken, KeptAnswer
from portal.accounts.rules import SIGNED_IN
from portal.api import limits
from portal.api.base import Deprecation, Resource
from portal.api.operation import operation
from portal.api.resources.me import Me, MeShape
from portal.core import clock
from portal.customers.models import Customer
from tests.api.asking import program, token
from tests.api.test_problems import problem
from tests.pages import scenery

pytestmark = pytest.mark.db


@pytest.fixture
def case(kestrel) -> ExceptionCase:
    scenery.hold_order(scenery.business(kestrel.harbor))
    return ExceptionCase.objects.get()


def test_what_is_known_already_is_not_sent_again(app):
    first = app.get("customers/harbor/")
    again = app.get("customers/harbor/", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    weak = app.get("customers/harbor/", **{"If-None-Match": f'"other", W/{first["ETag"]}'})
    assert weak.status_code == 304


def test_what_changed_is_sent_again(app):
    etag = app.get("customers/harbor/")["ETag"]
    Customer.objects.filter(slug="harbor").update(name="Harbor Outfitters Ltd")
    answer = app.get("customers/harbor/", **{"If-None-Match": etag})
    assert answer.status_code == 200
    assert answer["ETag"] != etag


TARGETS = {"targets": {"1": {"acknowledge": 15, "resolve": 120}}}


def test_a_change_says_which_version_it_is_about(app):
    etag = app.get("customers/harbor/")["ETag"]
    answer = app.send("PATCH", "customers/harbor/", TARGETS, **{"If-Match": etag})
    assert answer.status_code == 200, answer.content
    assert answer.json()["targets"]["1"] == {"acknowledge": 15, "resolve": 120}
    assert answer.json()["targets"]["2"] == {"acknowledge": 60, "resolve": 480}


def test_a_change_of_what_changed_meanwhile_is_refused(app):
    etag = app.get("customers/harbor/")["ETag"]
    app.send("PATCH", "customers/harbor/", TARGETS, **{"If-Match": etag})
    late = app.send("PATCH", "customers/harbor/", {"targets": {}}, **{"If-Match": etag})
    problem(late, 412, "changed")
    assert late["ETag"] == app.get("customers/harbor/")["ETag"]


def test_a_change_without_a_version_is_refused(app):
    problem(app.send("PATCH", "customers/harbor/", TARGETS), 428, "precondition-required")
    etag = app.get("customers/harbor/")["ETag"]
    weak = app.send("PATCH", "customers/harbor/", TARGETS, **{"If-Match": f"W/{etag}"})
    problem(weak, 412, "changed")


def test_what_a_change_may_not_touch_is_refused_by_name(app):
    etag = app.get("customers/harbor/")["ETag"]
    body = {"name": "Mine now", "policies": {}, "slug": "mine"}
    said = problem(
        app.send("PATCH", "customers/harbor/", body, **{"If-Match": etag}), 422, "invalid"
    )
    assert [one["pointer"] for one in said["errors"]] == ["/name", "/policies", "/slug"]
    assert Customer.objects.get(slug="harbor").name == "Harbor Outfitters"


def test_hours_nobody_can_keep_are_said_where_they_stand(app):
    etag = app.get("customers/harbor/")["ETag"]
    body = {"calendar": {"hours": {"mon": "late"}}}
    said = problem(
        app.send("PATCH", "customers/harbor/", body, **{"If-Match": etag}), 422, "invalid"
    )
    assert said["errors"][0]["pointer"] == "/calendar/hours/mon"


def comments(case) -> int:
    return CaseEvent.objects.filter(case=case, action="comment").count()


def test_a_request_sent_twice_takes_effect_once(app, case):
    body, path = {"text": "Called Northwind."}, f"cases/{case.pk}/comments/"
    first = app.post(path, body, **{"Idempotency-Key": "k1"})
    with clock.freeze(clock.now() + timedelta(hours=1)):
        again = app.post(path, body, **{"Idempotency-Key": "k1"})
        assert comments(case) == 1
        app.post(path, body, **{"Idempotency-Key": "k2"})
        assert comments(case) == 2
    assert again.json() == first.json()
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"


def test_a_key_stands_for_one_request(app, case):
    path = f"cases/{case.pk}/comments/"
    app.post(path, {"text": "a"}, **{"Idempotency-Key": "k1"})
    problem(app.post(path, {"text": "b"}, **{"Idempotency-Key": "k1"}), 422, "key-reused")
    problem(app.post(f"cases/{case.pk}/take/", {}, **{"Idempotency-Key": "k1"}), 422, "key-reused")
    assert comments(case) == 1


def test_a_key_is_its_tokens_own_and_lasts_a_day(app, kestrel, case):
    path, body = f"cases/{case.pk}/comments/", {"text": "a"}
    app.post(path, body, **{"Idempotency-Key": "k1"})
    other = program(kestrel, "desk.work", "desk.view", role="operator")
    with clock.freeze(clock.now() + timedelta(minutes=1)):
        other.post(path, body, **{"Idempotency-Key": "k1"})
    assert comments(case) == 2
    with clock.freeze(clock.now() + timedelta(hours=24, minutes=2)):
        app.post(path, body, **{"Idempotency-Key": "k1"})
    assert comments(case) == 3
    assert KeptAnswer.objects.count() == 1


def test_what_was_refused_may_be_mended_under_its_key(app, case):
    path = f"cases/{case.pk}/comments/"
    problem(app.post(path, {"text": ""}, **{"Idempotency-Key": "k1"}), 422, "invalid")
    assert app.post(path, {"text": "a"}, **{"Idempotency-Key": "k1"}).status_code == 200


@pytest.mark.parametrize("key", ["", "a" * 201, "a\tb"])
def test_a_key_that_is_none_is_refused(app, case, key):
    answer = app.post(f"cases/{case.pk}/take/", {}, **{"Idempotency-Key": key})
    assert problem(answer, 422, "invalid")["errors"][0]["parameter"] == "Idempotency-Key"


def test_of_two_at_the_same_moment_one_runs(kestrel, case):
    found, _ = token(kestrel)
    app = program(kestrel)
    mine = ApiToken.objects.exclude(pk=found.pk).get()
    name = f"kestrel/{{'person_id': {mine.maker_id}, 'token_id': {mine.pk}}}/k1"
    with psycopg.connect(asgi._conninfo().replace("dbname=''", "")) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
        answer = app.post(f"cases/{case.pk}/comments/", {"text": "a"}, **{"Idempotency-Key": "k1"})
    problem(answer, 409, "running")
    assert answer["Retry-After"] == "1"
    assert comments(case) == 0


def test_the_limit_is_told_and_kept(kestrel):
    app, now = program(kestrel, "desk.view"), clock.now()
    with clock.freeze(now) as frozen:
        first = app.get("me/")
        assert first["RateLimit-Policy"] == '"token";q=200;w=20'
        assert first["RateLimit"] == '"token";r=199;t=1'
        for _ in range(199):
            assert app.get("nothing/").status_code == 404
        answer = app.get("me/")
        problem(answer, 429, "too-many")
        assert (answer["Retry-After"], answer["RateLimit"]) == ("1", '"token";r=0;t=20')
        frozen.move(0.1)  # 10 a second: one more
        assert app.get("me/").status_code == 200
        assert app.get("me/").status_code == 429


def test_one_tokens_requests_are_not_anothers(kestrel, monkeypatch):
    monkeypatch.setattr(limits, "BURST", 1.0)
    one, other = program(kestrel, "desk.view"), program(kestrel, "desk.view")
    with clock.freeze(clock.now()):
        assert one.get("me/").status_code == 200
        assert one.get("me/").status_code == 429
        assert other.get("me/").status_code == 200


class OldMe(Resource):
    """A view that goes."""

    permissions = {"GET": (SIGNED_IN,)}
    deprecation = Deprecation(
        since=datetime(2026, 3, 1, tzinfo=UTC), ends=datetime(2026, 9, 1, tzinfo=UTC),
        instead="/api/v1/me/",
    )  # fmt: skip

    @operation("Who asks, as it was", MeShape)
    def get(self, request):
        return Me.get.__wrapped__(self, request)


def test_a_view_that_goes_says_since_when_until_when_and_what_instead(app, monkeypatch, settings):
    settings.ROOT_URLCONF = "tests.api.test_versions"
    answer = app.get("old-me/")
    assert answer.status_code == 200
    assert answer["Deprecation"] == "@1772323200"  # 2026-03-01T00:00:00Z
    assert answer["Sunset"] == "Tue, 01 Sep 2026 00:00:00 GMT"
    assert answer["Link"] == '</api/v1/me/>; rel="successor-version"'
    assert "Deprecation" not in app.get("me/")


urlpatterns = [path("api/v1/old-me/", OldMe.as_view()), *urls.urlpatterns]
handler404 = urls.handler404
