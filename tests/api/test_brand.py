"""The brand over the API: a draft that nobody sees, published as its page does, and nobody else's."""

import json

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from portal.accounts.models import ApiToken, Person
from portal.tenants import branding
from portal.tenants.branding import Change
from portal.tenants.models import BrandVersion, Partner
from portal.tenants.pictures.reading import read
from tests.api.asking import Program, program, token
from tests.api.test_problems import problem
from tests.brand.logos import svg

pytestmark = pytest.mark.db


@pytest.fixture
def partner(kestrel) -> Partner:
    return Partner.objects.get(schema_name="kestrel")


def done(answer) -> dict:
    assert answer.status_code == 200, answer.content
    return answer.json()


def changed(app: Program, **fields) -> dict:
    etag = app.get("brand/draft/")["ETag"]
    return done(app.send("PATCH", "brand/draft/", fields, **{"If-Match": etag}))


def refused(app: Program, **fields) -> dict[str, str]:
    etag = app.get("brand/draft/")["ETag"]
    answer = app.send("PATCH", "brand/draft/", fields, **{"If-Match": etag})
    return {one["pointer"]: one["detail"] for one in problem(answer, 422, "invalid")["errors"]}


def published(app: Program, **fields) -> dict:
    edition = changed(app, **fields)["edition"]
    return done(app.post("brand/draft/publish/", {"edition": edition}))


def test_what_the_site_opened_with_is_read_and_is_what_a_draft_begins_with(app, kestrel):
    live, draft = done(app.get("brand/")), done(app.get("brand/draft/"))
    assert (live["number"], live["name"], live["published_at"]) == (1, "Kestrel Point", None)
    assert (draft["edition"], draft["name"], draft["saved_at"]) == (0, "Kestrel Point", None)
    assert draft["pictures"] == {"logo_light": None, "logo_dark": None, "icon": None}
    assert BrandVersion.objects.count() == 0


def test_a_draft_is_written_in_pieces_and_shows_when_it_is_published(app, kestrel):
    texts = {"invoice": {"subject": "Bill {document}"}}
    changed(
        app, name="Arden", accent="FFD400", imprint="Arden LLC\n\nMain Street", mail_texts=texts
    )
    draft = changed(app, short_name="Ar")
    assert (draft["name"], draft["short_name"], draft["edition"]) == ("Arden", "Ar", 2)
    assert (draft["accent"], draft["colours"]["accent_light"]) == ("#ffd400", "#7d6707")
    assert (draft["mail_texts"], draft["saved_by"]) == (texts, "Ana Ruiz")
    assert done(app.get("brand/"))["name"] == "Kestrel Point"
    assert done(app.post("brand/draft/publish/", {"edition": 2}))["number"] == 2
    live = done(app.get("brand/"))
    assert (live["name"], live["imprint"]) == ("Arden", "Arden LLC\n\nMain Street")
    assert b"Arden" in Client(HTTP_HOST=kestrel.host).get("/login/").content


def test_own_words_of_a_mail_are_taken_away_again(app):
    changed(app, mail_texts={"invoice": {"subject": "Bill {document}"}})
    assert changed(app, mail_texts={"invoice": {"subject": ""}})["mail_texts"] == {}


def test_a_picture_is_seen_and_taken_away(app, partner):
    branding.save(partner, Change({}, {"logo_light": read(svg())}), edition=0, by="Ada")
    assert done(app.get("brand/draft/"))["pictures"]["logo_light"]["media_type"] == "image/svg+xml"
    # Ada wrote it; whoever read it may go on from there.
    assert changed(app, without=["logo_light"])["pictures"]["logo_light"] is None


def test_what_cannot_be_a_brand_is_said_where_it_stands(app):
    found = refused(
        app, name="", accent="#ggg", support_email="nobody", short_name="x" * 25, imprint="x" * 60_001,
        mail_texts={"invoice": {"opening": "Dear {dog}"}},
    )  # fmt: skip
    assert set(found) == {
        "/name", "/accent", "/support_email", "/short_name", "/imprint", "/mail_texts/invoice/opening",
    }  # fmt: skip
    assert found["/accent"] == "Enter a colour of six digits, such as #0e5a68."
    assert set(refused(app, mail_texts={"po/em": {}})) == {"/mail_texts/po~1em"}
    assert set(refused(app, mail_texts={"invoice": {"body": "x"}})) == {"/mail_texts/invoice/body"}
    assert set(refused(app, logo_light="x", number=7)) == {"/logo_light", "/number"}
    assert BrandVersion.objects.count() == 0


def test_a_draft_says_which_version_of_it_is_changed(app):
    problem(app.send("PATCH", "brand/draft/", {"name": "A"}), 428, "precondition-required")
    etag = app.get("brand/draft/")["ETag"]
    changed(app, name="Arden")
    late = app.send("PATCH", "brand/draft/", {"name": "B"}, **{"If-Match": etag})
    problem(late, 412, "changed")
    assert done(app.get("brand/draft/"))["name"] == "Arden"


def test_what_changed_since_it_was_read_is_not_published(app):
    problem(app.post("brand/draft/publish/", {"edition": 1}), 409, "conflict")
    changed(app, name="Arden")
    changed(app, name="Arden Two")
    problem(app.post("brand/draft/publish/", {"edition": 1}), 409, "conflict")
    problem(app.post("brand/draft/publish/", {}), 422, "invalid")
    assert done(app.get("brand/"))["name"] == "Kestrel Point"


def test_publishing_twice_under_one_key_makes_one_version(app):
    edition = changed(app, name="Arden")["edition"]
    key = {"Idempotency-Key": "p"}
    first = done(app.post("brand/draft/publish/", {"edition": edition}, **key))
    assert done(app.post("brand/draft/publish/", {"edition": edition}, **key)) == first
    assert BrandVersion.objects.filter(published_at__isnull=False).count() == 2  # and the opening


def test_a_draft_is_thrown_away(app):
    changed(app, name="Arden")
    said = done(app.post("brand/draft/discard/"))
    assert (said["name"], said["edition"]) == ("Kestrel Point", 0)


def test_versions_are_listed_newest_first_and_come_again(app):
    published(app, name="Arden")
    published(app, name="Arden Two")
    changed(app, name="Arden Three")
    first = done(app.get("brand/versions/?limit=2"))
    second = done(app.get(f"brand/versions/?limit=2&cursor={first['next']}"))
    found = [(one["number"], one["name"]) for one in first["items"] + second["items"]]
    assert found == [(3, "Arden Two"), (2, "Arden"), (1, "Kestrel Point")]
    made = done(app.post("brand/versions/2/again/"))
    assert (made["number"], made["name"], made["note"]) == (4, "Arden", "version 2 again")
    assert done(app.get("brand/draft/"))["name"] == "Arden Three"
    assert done(app.get("brand/versions/2/"))["name"] == "Arden"
    problem(app.post("brand/versions/4/again/"), 409, "conflict")
    for number in (9, 2**40, 2**70):
        problem(app.post(f"brand/versions/{number}/again/"), 404, "not-found")


def everything(app: Program) -> list:
    asked = [
        ("GET", one) for one in ("brand/", "brand/draft/", "brand/versions/", "brand/versions/1/")
    ]
    asked += [
        ("PATCH", "brand/draft/"),
        ("POST", "brand/draft/discard/"),
        ("POST", "brand/versions/1/again/"),
    ]
    return [app.send(*one, {}) for one in asked] + [
        app.post("brand/draft/publish/", {"edition": 1})
    ]


def test_whoever_may_not_edit_the_brand_is_refused(kestrel, own):
    for asking in (program(kestrel, role="engineer"), program(kestrel, "people.manage"), own):
        for answer in everything(asking):
            problem(answer, 403, "not-allowed")


def test_whoever_works_for_some_customers_is_refused_whatever_the_token_says(kestrel):
    found, text = token(kestrel)
    with schema_context("kestrel"):
        Person.objects.filter(pk=ApiToken.objects.get(pk=found.pk).maker_id).update(is_limited=True)
    for answer in everything(Program(kestrel, text)):
        problem(answer, 403, "not-allowed")


def test_another_partners_brand_is_not_there(app, aurora, kestrel):
    other = program(aurora)
    published(other, name="Zephyr")
    published(other, name="Zephyr Two")
    problem(app.get("brand/versions/2/"), 404, "not-found")
    problem(app.post("brand/versions/2/again/"), 404, "not-found")
    said = [done(app.get(one)) for one in ("brand/", "brand/draft/", "brand/versions/")]
    assert "Zephyr" not in json.dumps(said)
