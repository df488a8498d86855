from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.db import connection
from django.test import Client
from django_tenants.utils import schema_context

from integrations.views import spoken
from portal.accounts.models import Invitation, Person, Role
from portal.audit.models import Mark
from portal.console.domain import opening
from portal.console.models import Opening
from portal.core.mail import NotSentError
from portal.jobs.models import Wake
from portal.tenants import mailing
from portal.tenants.models import Partner, Tier
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db

GIVEN = {
    "name": "Heron Systems", "slug": "heron", "admin_name": "Ana Ruiz", "admin_email": "ana@heron.test",
}  # fmt: skip


@pytest.fixture
def sent(monkeypatch):
    letters = []
    monkeypatch.setattr(mailing, "send", lambda site, **said: letters.append((site, said)))
    return letters


def test_a_partner_is_asked_for_opened_and_its_admin_invited(staff, sent):
    tier = Tier.objects.create(slug="basic", label="Basic", flags_off=["api"])
    answer = staff.post("/partners/open/", {**GIVEN, "tier": tier.pk})
    one = Opening.objects.get()
    assert answer.url == f"/partners/openings/{one.pk}/"
    soup = page(staff.get(answer.url))
    assert texts(soup, "main td .status") == ["by Ops", "being made", "afterwards"]
    assert "Heron Systems is being opened" in page(staff.get("/partners/")).get_text()

    with schema_context("public"):
        opening.carry_out(one.pk)
    one.refresh_from_db()
    assert (one.state, one.trouble) == ("done", "")
    partner = Partner.objects.get(schema_name="heron")
    assert (partner.name, partner.flags_off, partner.state) == ("Heron Systems", ["api"], "open")
    assert list(partner.events.order_by("pk").values_list("what", "actor")) == [
        ("opened", "Ops"), ("tier", "Ops"),
    ]  # fmt: skip
    ((site, letter),) = sent
    assert (site.name, letter["to"]) == ("Heron Systems", ["ana@heron.test"])
    assert "heron.localhost" in letter["text"] and "/join/" in letter["text"]
    with schema_context("heron"):
        invited = Invitation.objects.get()
        assert (invited.email, invited.role.slug) == ("ana@heron.test", "admin")
        assert not Person.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("crossdock_app",)
        cursor.execute("SELECT tableowner FROM pg_tables WHERE schemaname = 'heron' LIMIT 1")
        assert cursor.fetchone() == ("crossdock_owner",)
    assert Wake.objects.filter(schema="heron", kind="fleet").exists()
    assert staff.get(answer.url).url == "/partners/heron/"

    opening.carry_out(one.pk)  # a second ticket of the same lane
    assert len(sent) == 1


def test_nobody_of_the_platform_becomes_a_partners_first_admin(staff, sent):
    own = Person.objects.get(name="Ops").email
    for given in (own, own.upper()):
        answer = staff.post("/partners/open/", {**GIVEN, "admin_email": given})
        assert answer.status_code == 422
        soup = BeautifulSoup(answer.content, "html.parser")
        (said,) = texts(soup, "#id_admin_email_error p")
        assert said == f"{given} is one of the platform's people. Name somebody of Heron Systems."
    assert not Opening.objects.exists()


def test_a_letter_that_nobody_took_is_said(staff, monkeypatch):
    def refused(*args, **said):
        raise NotSentError("no mail server is set up")

    staff.post("/partners/open/", GIVEN)
    one = Opening.objects.get()
    monkeypatch.setattr(opening, "_open", lambda made: None)
    monkeypatch.setattr(mailing, "send", refused)
    monkeypatch.setattr(opening, "schema_context", lambda slug: schema_context("kestrel"))
    with schema_context("public"):
        opening.carry_out(one.pk)
    one.refresh_from_db()
    assert one.trouble.startswith("The letter to ana@heron.test was not sent: no mail server")
    assert mail.outbox == []


@pytest.fixture
def without_letter(staff, monkeypatch):
    """Kestrel was opened just now, and nobody took the letter to its first admin."""

    def refused(*args, **said):
        raise NotSentError("no mail server is set up")

    staff.post("/partners/open/", GIVEN)
    monkeypatch.setattr(opening, "_open", lambda made: None)
    monkeypatch.setattr(mailing, "send", refused)
    Opening.objects.update(slug="kestrel")
    one = Opening.objects.get()
    with schema_context("public"):
        opening.carry_out(one.pk)
    one.refresh_from_db()
    return one


def link_of(answer):
    (found,) = page(answer).select(".people-url [data-copy].button")
    return found["data-copy"]


def join(link):
    return Client(HTTP_HOST="kestrel.localhost").get(urlsplit(link).path)


def test_without_a_letter_whoever_opened_it_is_shown_the_link_once(staff, without_letter):
    address = f"/partners/openings/{without_letter.pk}/"
    shown = page(staff.get(address))
    assert "add_person" not in shown.get_text()
    assert shown.select_one("main form")["action"] == f"{address}link/"
    assert "/join/" not in str(shown)

    answer = staff.post(f"{address}link/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    first = link_of(answer)
    assert first.startswith("http://kestrel.localhost") and "/join/" in first
    with schema_context("kestrel"):
        invited = Invitation.objects.get()
        assert spoken.until(invited.expires_at, zone="UTC") in page(answer).get_text()
        assert Mark.objects.filter(by="Ops", why__contains="by hand").exists()
    assert join(first).status_code == 200

    second = link_of(staff.post(f"{address}link/"))
    assert second != first
    assert "/join/" not in staff.get(address).content.decode()
    assert join(first).status_code == 404
    assert join(second).status_code == 200


def test_the_link_is_nobody_elses_and_over_once_somebody_came_in(
    staff, without_letter, monkeypatch
):
    address = f"/partners/openings/{without_letter.pk}/link/"
    assert staff.get(address).status_code == 405
    Opening.objects.update(asker_id=without_letter.asker_id + 1)
    assert staff.post(address).status_code == 403
    assert "whoever opened it" in page(staff.get(address.removesuffix("link/"))).get_text()
    Opening.objects.update(asker_id=without_letter.asker_id)
    Partner.objects.filter(schema_name="kestrel").update(state="deleted")
    assert staff.post(address).status_code == 403
    Partner.objects.filter(schema_name="kestrel").update(state="open")
    Opening.objects.update(trouble="")  # the letter went
    assert staff.post(address).status_code == 403
    Opening.objects.update(trouble=without_letter.trouble)
    with schema_context("kestrel"):
        Person.objects.create_person(
            email="ana@heron.test", name="Ana", role=Role.objects.get(slug="admin"), password=None
        )
    answer = staff.post(address)
    assert answer.status_code == 422
    assert "Somebody is there already" in answer.content.decode()
    assert "/join/" not in answer.content.decode()


@pytest.mark.parametrize(
    ("slug", "word"),
    [
        ("kestrel", "kestrel is taken"), ("public", "public is taken"), ("9lives", "lower-case letters"),
        ("pg_toast", "lower-case letters"), ("a" * 42, "at most 41"), ("x'; drop", "lower-case letters"),
    ],
)  # fmt: skip
def test_a_short_name_that_is_bad_or_taken_is_refused(staff, slug, word):
    answer = staff.post("/partners/open/", {**GIVEN, "slug": slug})
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert not Opening.objects.exists()


def test_the_same_is_not_asked_for_twice(staff):
    staff.post("/partners/open/", GIVEN)
    answer = staff.post("/partners/open/", GIVEN)
    assert answer.status_code == 422
    assert "heron is being opened already" in answer.content.decode()


def test_what_the_database_refuses_ends_it_in_words(staff, monkeypatch):
    from django.db import ProgrammingError

    def refuse(*args, **kwargs):
        raise ProgrammingError("permission denied for database")

    staff.post("/partners/open/", GIVEN)
    one = Opening.objects.get()
    monkeypatch.setattr(opening, "open_partner", refuse)
    with schema_context("public"):
        opening.carry_out(one.pk)
    soup = page(staff.get(f"/partners/openings/{one.pk}/"))
    assert "The database refused it (ProgrammingError)" in soup.get_text()
    assert not Partner.objects.filter(schema_name="heron").exists()
    staff.post("/partners/open/", GIVEN)  # and it may be tried again
    assert Opening.objects.count() == 2
