"""Invitations over the API: nobody gives by a token what the token itself does not hold."""

import pytest
from django_tenants.utils import schema_context

from portal.accounts.domain import inviting, limits
from portal.accounts.models import ApiToken, Invitation, KeptAnswer
from portal.core.mail import NotSentError
from tests.api.asking import Program, maker, program, token
from tests.api.test_problems import problem

pytestmark = pytest.mark.db

MIRA = {"email": "Mira@harbor.example", "name": "Mira Lund", "role": "viewer", "customer": "harbor"}


def done(answer, status: int = 200) -> dict:
    assert answer.status_code == status, answer.content
    return answer.json()


def refused(answer) -> list[str]:
    return [one["pointer"] for one in problem(answer, 422, "invalid")["errors"]]


def link_of(mail) -> str:
    [line] = [one for one in mail.body.split() if "/join/" in one]
    return line.split("/join/")[1].strip("/")


def test_somebody_is_invited_by_a_letter_and_the_link_is_said_to_nobody(app, kestrel, mailoutbox):
    said = done(app.post("invitations/", MIRA), 201)
    assert (said["email"], said["role"], said["customer"]) == (
        "mira@harbor.example",
        "viewer",
        "harbor",
    )
    assert (said["problem"], said["link"], said["invited_by"]) == ("", None, "Ana Ruiz")
    person = inviting.accept(link_of(mailoutbox[0]), name="Mira", password="correct horse battery")
    assert (person.role.slug, person.customer_id) == ("viewer", kestrel.harbor)
    assert done(app.get("invitations/"))["items"] == []


def test_where_no_letter_goes_out_the_link_is_said_once(app, monkeypatch):
    def fail(*args, **options):
        raise NotSentError("Nobody takes mail.")

    monkeypatch.setattr("portal.letters.mails.send", fail)
    key = {"Idempotency-Key": "i"}
    answer = app.post("invitations/", MIRA, **key)
    said = done(answer, 201)
    assert said["problem"] == "Nobody takes mail."
    assert "/join/" in said["link"]
    assert answer["Cache-Control"] == "no-store"
    assert done(app.post("invitations/", MIRA, **key), 201)["link"] is None
    assert "/join/" not in str(list(KeptAnswer.objects.values_list("body", flat=True)))


def test_open_ones_are_listed_sent_again_and_withdrawn(app, mailoutbox):
    first = done(app.post("invitations/", MIRA), 201)
    second = done(
        app.post("invitations/", {"email": "op@kestrel.test", "name": "Op", "role": "operator"}),
        201,
    )
    listed = done(app.get("invitations/"))["items"]
    assert [one["id"] for one in listed] == [second["id"], first["id"]]
    assert [one["id"] for one in done(app.get("invitations/?customer=harbor"))["items"]] == [
        first["id"]
    ]
    done(app.post(f"invitations/{first['id']}/resend/"))
    old, new = link_of(mailoutbox[0]), link_of(mailoutbox[2])
    with pytest.raises(LookupError):
        inviting.find(old)
    assert inviting.find(new).pk == first["id"]
    assert app.post(f"invitations/{first['id']}/withdraw/").status_code == 204
    for path in ("resend/", "withdraw/"):
        problem(app.post(f"invitations/{first['id']}/{path}"), 404, "not-found")
    problem(app.get(f"invitations/{first['id']}/"), 404, "not-found")


def test_what_cannot_be_an_invitation_is_said_where_it_stands(app):
    done(app.post("invitations/", MIRA), 201)
    other = {**MIRA, "email": "other@harbor.example"}
    assert refused(app.post("invitations/", MIRA)) == ["/email"]
    assert refused(app.post("invitations/", {**other, "email": "nobody"})) == ["/email"]
    assert refused(app.post("invitations/", {**other, "role": "king"})) == ["/role"]
    assert refused(app.post("invitations/", {**other, "customer": "nobody"})) == ["/customer"]
    assert refused(app.post("invitations/", {**other, "role": "operator"})) == ["/role"]
    del other["customer"]
    assert refused(app.post("invitations/", other)) == ["/role"]
    assert refused(app.post("invitations/", {**other, "is_limited": False})) == ["/is_limited"]
    assert Invitation.objects.count() == 1


def test_a_token_gives_no_more_than_it_holds_itself(kestrel, app):
    few = program(kestrel, "people.manage", "desk.view")
    admin = {"email": "boss@kestrel.test", "name": "Boss", "role": "admin"}
    assert refused(few.post("invitations/", admin)) == ["/role"]
    assert refused(few.post("invitations/", {**admin, "role": "operator"})) == ["/role"]
    made = done(app.post("invitations/", admin), 201)
    for path in ("resend/", "withdraw/"):
        problem(few.post(f"invitations/{made['id']}/{path}"), 403, "not-allowed")
    assert Invitation.objects.get(pk=made["id"]).withdrawn_at is None
    done(few.post("invitations/", MIRA), 201)  # customers' people, as whoever manages people may


def test_whoever_does_not_manage_people_is_refused(kestrel, own, app):
    made = done(app.post("invitations/", MIRA), 201)
    for asking in (program(kestrel, role="engineer"), program(kestrel, "brand.edit"), own):
        problem(asking.get("invitations/"), 403, "not-allowed")
        problem(asking.post("invitations/", MIRA), 403, "not-allowed")
        problem(asking.post(f"invitations/{made['id']}/withdraw/"), 403, "not-allowed")


def test_whoever_works_for_harbor_invites_people_of_harbor_only(kestrel, app):
    theirs = done(
        app.post("invitations/", {**MIRA, "email": "m@maris.example", "customer": "maris"}), 201
    )
    found, text = token(kestrel, role="admin")
    boss = maker(kestrel, "admin")
    with schema_context("kestrel"):
        from portal.accounts.models import Person, Role
        from tests.people import PASSWORD

        person = Person.objects.create_person(
            email="limited@kestrel.test",
            name="Lee",
            role=Role.objects.get(slug="admin"),
            password=PASSWORD,
        )
        limits.limit(person, customers=[kestrel.harbor], groups=[], by=boss)
        ApiToken.objects.filter(pk=found.pk).update(maker=person)
    limited = Program(kestrel, text)
    assert done(limited.get("invitations/"))["items"] == []
    for path in ("resend/", "withdraw/"):
        problem(limited.post(f"invitations/{theirs['id']}/{path}"), 404, "not-found")
    assert refused(limited.post("invitations/", {**MIRA, "customer": "maris"})) == ["/customer"]
    done(limited.post("invitations/", MIRA), 201)
    answer = limited.post("invitations/", {"email": "x@kestrel.test", "name": "X", "role": "admin"})
    problem(answer, 422, "invalid")
    assert not Invitation.objects.filter(email="x@kestrel.test").exists()


def test_another_partners_invitations_are_not_there(app, aurora, kestrel):
    made = done(app.post("invitations/", MIRA), 201)
    other = program(aurora)
    assert done(other.get("invitations/"))["items"] == []
    problem(other.post(f"invitations/{made['id']}/withdraw/"), 404, "not-found")
