import json

import pytest
from django.test import Client

from integrations.models import Endpoint
from portal.core import problem_json
from portal.core.bodies import REFUSAL
from tests.api.asking import PROBLEM

pytestmark = pytest.mark.db


def problem(answer, status: int, slug: str) -> dict:
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content
    said = json.loads(answer.content)
    assert said["type"] == f"/api/problems/{slug}"
    assert said["status"] == status
    assert said["title"] == problem_json.KINDS[slug].title
    assert said["detail"]
    return said


def test_an_address_that_is_none_is_said_as_a_problem(app, kestrel):
    problem(app.get("nothing/"), 404, "not-found")
    problem(Client(HTTP_HOST=kestrel.host).get("/api/nothing/"), 404, "not-found")


def test_an_unknown_site_is_said_as_a_problem(db):
    problem(Client(HTTP_HOST="nobody.localhost").get("/api/v1/me/"), 404, "not-found")


def test_a_method_there_is_none_of_names_those_there_are(app):
    answer = app.send("DELETE", "customers/harbor/")
    problem(answer, 405, "method-not-allowed")
    assert answer["Allow"] == "GET, PATCH, HEAD"


def test_a_format_nobody_makes_is_said(app):
    problem(app.get("me/", Accept="text/csv"), 406, "not-acceptable")
    assert app.get("me/", Accept="application/*").status_code == 200


def test_a_body_that_is_no_json_is_said(app):
    for body in (
        b"{",
        b'{"text": "a\\u0000b"}',
        b'{"text": "\\ud800"}',
        b"\xff\xfe",
        b"[" * 60 + b"]" * 60,
    ):
        problem(app.post("cases/1/comments/", body), 400, "unreadable")


def test_a_form_is_not_json(app):
    answer = app.client.post("/api/v1/cases/1/comments/", {"text": "x"})
    problem(answer, 415, "unsupported-media-type")


def test_a_body_the_server_gave_up_on_is_too_large(app, kestrel):
    answer = app.client.get("/api/v1/me/", **{"asgi.scope": {REFUSAL: 413}})
    problem(answer, 413, "too-large")


def test_what_is_wrong_stands_with_a_pointer_to_it(app):
    said = problem(app.post("cases/1/wait/", {"on": "nobody", "wrong": 1}), 422, "invalid")
    assert [one["pointer"] for one in said["errors"]] == ["/wrong"]
    said = problem(app.post("cases/1/wait/", {"on": "nobody"}), 422, "invalid")
    assert {one["pointer"] for one in said["errors"]} == {"/on", "/reason"}
    assert said["detail"].endswith("And 1 more.")


def test_a_wrong_parameter_is_named(app):
    said = problem(app.get("cases/?severity=9"), 422, "invalid")
    assert [one["parameter"] for one in said["errors"]] == ["severity"]
    assert problem(app.get("cases/?color=red"), 422, "invalid")["errors"][0]["parameter"] == "color"
    assert "given twice" in problem(app.get("cases/?q=a&q=b"), 422, "invalid")["detail"]


def test_a_zero_in_the_address_is_unreadable(app):
    problem(app.get("cases/?q=a%00b"), 400, "unreadable")


def test_our_own_fault_has_a_reference_and_tells_nothing(app, monkeypatch):
    def fail(*args: object, **options: object) -> None:
        raise RuntimeError("secret detail of the inside")

    monkeypatch.setattr(Endpoint.objects, "select_related", fail)
    answer = app.get("endpoints/")
    said = problem(answer, 500, "failed")
    assert len(said["reference"]) == 8
    assert b"secret detail" not in answer.content


def test_a_pointer_escapes_what_its_syntax_needs(app):
    said = problem(app.post("cases/1/take/", {"a/b~c": 1}), 422, "invalid")
    assert said["errors"][0]["pointer"] == "/a~1b~0c"


@pytest.mark.parametrize("slug", problem_json.KINDS)
def test_every_type_leads_to_a_page_about_it(kestrel, slug):
    answer = Client(HTTP_HOST=kestrel.host).get(f"/api/problems/{slug}")
    assert answer.status_code == 200
    assert b"crossdock" not in answer.content.lower()
    assert slug.encode() in answer.content


def test_the_list_of_errors_has_all_of_them(kestrel):
    text = Client(HTTP_HOST=kestrel.host).get("/api/problems/").content.decode()
    assert all(f'href="/api/problems/{slug}"' in text for slug in problem_json.KINDS)


def test_an_error_nobody_wrote_a_page_about_has_none(kestrel):
    assert Client(HTTP_HOST=kestrel.host).get("/api/problems/nothing").status_code == 404


def test_pages_keep_their_own_errors(admin):
    assert b"<html" in admin.get("/nothing/").content


def test_a_request_id_comes_back_or_is_made(app):
    assert app.get("me/", **{"X-Request-Id": "sync-77"})["X-Request-Id"] == "sync-77"
    assert app.get("nothing/", **{"X-Request-Id": "sync-78"})["X-Request-Id"] == "sync-78"
    made = app.get("me/", **{"X-Request-Id": "<script>"})["X-Request-Id"]
    assert len(made) == 36
