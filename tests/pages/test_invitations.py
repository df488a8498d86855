"""Inviting on the page, the letter, and coming in by its link."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client, override_settings

from portal.accounts.domain import inviting
from portal.accounts.models import Invitation, Person
from portal.core import clock
from portal.core.mail import NOWHERE
from portal.core.redact import redact_text
from tests.accounts.conftest import person, role
from tests.pages.scenery import page, texts
from tests.pages.test_people import lead, staff, told  # noqa: F401 - fixtures
from tests.people import sign_in

pytestmark = pytest.mark.db
LINK = re.compile(r"/join/[\w:-]+/")
PASSWORD = "four odd words here"


@pytest.fixture
def browser(kestrel):
    return Client(HTTP_HOST=kestrel.host)


@pytest.fixture
def nobody_mails():
    with override_settings(EMAIL_BACKEND=NOWHERE):
        yield


def invite(client, slug="operator", **given):
    entered = {"email": "mira@x.test", "name": "Mira", "role": role(slug).pk, **given}
    return client.post("/people/invite/", entered)


def invited(client, slug="operator", **given):
    """The link of somebody who was invited on the page, out of their letter."""
    assert invite(client, slug, **given).url == "/people/"
    return LINK.search(mail.outbox[-1].body)[0]


def come_in(browser, link, **given):
    return browser.post(link, {"name": "Mira", "password": PASSWORD, "again": PASSWORD, **given})


def main(answer):
    return BeautifulSoup(answer.content, "html.parser").main


def test_the_letter_brings_the_link_in_the_partners_name(admin):
    invited(admin)
    letter = mail.outbox[-1]
    assert letter.to == ["mira@x.test"]
    assert letter.subject == "Admin invites you to Kestrel Point"
    assert letter.from_email == "Kestrel Point <noreply@kestrel.localhost>"
    assert "You will sign in as mira@x.test. Your role: Operator." in letter.body
    html = letter.alternatives[0][0]
    assert "http://kestrel.localhost/join/" in html
    assert "crossdock" not in (letter.body + html).lower()


def test_a_customers_person_is_told_for_whom_they_sign_in(admin, kestrel):
    invited(admin, "viewer", customer=kestrel.harbor)
    assert "as mira@x.test, for Harbor Outfitters. Your role: Customer viewer" in (
        mail.outbox[-1].body
    )


def test_the_page_says_where_the_letter_went_and_keeps_the_invitation_on_top(admin):
    answer = admin.post(
        "/people/invite/",
        {"email": "mira@x.test", "name": "Mira", "role": role("operator").pk},
        follow=True,
    )
    soup = page(answer)
    assert texts(soup, ".toast") == ["Invited Mira. The letter went to mira@x.test"]
    assert texts(soup, ".people-invited tbody th") == ["Mira mira@x.test"]
    assert not LINK.search(str(soup))


def test_where_no_letter_goes_the_page_shows_the_link_once(admin, browser, nobody_mails):
    answer = invite(admin)
    soup = page(answer)
    assert texts(soup, ".notice") == [
        "No letter went to mira@x.test: no mail server is set up here. Bring them this link yourself."
    ]
    assert answer["Cache-Control"] == "no-store"
    link = LINK.search(str(soup))[0]
    assert browser.get(link).status_code == 200
    assert not LINK.search(admin.get("/people/").content.decode())


def test_the_first_login_is_on_the_first_page_of_the_role(admin, browser, kestrel):
    link = invited(admin, "viewer", customer=kestrel.harbor)
    shown = main(browser.get(link))
    assert texts(shown, "h1") == ["Admin invites you to Kestrel Point"]
    assert texts(shown, "dd") == ["mira@x.test", "Harbor Outfitters", "Customer viewer"]
    assert shown.select_one("[name=name]")["value"] == "Mira"
    answer = come_in(browser, link, name="Mira Brandt")
    assert answer.url == "/"
    assert browser.get("/").url == "/home/"
    found = Person.objects.get(email="mira@x.test")
    assert (found.name, found.customer_id) == ("Mira Brandt", kestrel.harbor)
    again = Client(HTTP_HOST=kestrel.host)
    assert again.post("/login/", {"username": "mira@x.test", "password": PASSWORD}).url == "/"


def test_looking_at_the_link_uses_nothing_up(admin, browser):
    link = invited(admin)
    for _ in range(3):
        answer = browser.get(link)
        assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex"
    assert come_in(browser, link).status_code == 302


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"password": "short", "again": "short"}, "Take at least 10 characters."),
        ({"password": "password123", "again": "password123"}, "passwords that are tried first"),
        ({"again": "four odd words her"}, "The two are not the same."),
        ({"name": " "}, "Your name"),
        ({"password": ""}, "Password"),
    ],
)
def test_what_is_not_good_enough_is_said_in_words_and_lets_nobody_in(admin, browser, given, said):
    link = invited(admin)
    answer = come_in(browser, link, **given)
    assert said in told(answer)
    assert PASSWORD.encode() not in answer.content
    assert not Person.objects.filter(email="mira@x.test").exists()


def test_used_twice_it_is_over(admin, browser, kestrel):
    link = invited(admin)
    come_in(browser, link)
    for answer in (browser.get(link), come_in(Client(HTTP_HOST=kestrel.host), link)):
        assert answer.status_code == 410
        assert texts(main(answer), "h1") == ["This invitation is over"]
        assert "It was used already: an invitation works once." in main(answer).text
        tells_nobody(answer)


def tells_nobody(answer):
    for name in (b"mira@x.test", b"Mira", b"Admin", b"admin@kestrel.test", b"Operator"):
        assert name not in answer.content, name


def test_after_seven_days_it_is_over(admin, browser):
    link = invited(admin)
    Invitation.objects.update(expires_at=clock.now())
    answer = come_in(browser, link)
    assert answer.status_code == 410
    assert "good for seven days, and they are over. Ask whoever" in main(answer).text
    tells_nobody(answer)


def test_withdrawn_it_is_over(admin, browser):
    link = invited(admin)
    pk = Invitation.objects.get().pk
    answer = admin.post(f"/people/invitations/{pk}/withdraw/", follow=True)
    assert texts(page(answer), ".toast")[-1] == "Mira is not invited any more"
    answer = browser.get(link)
    assert answer.status_code == 410
    assert "It was withdrawn." in main(answer).text
    tells_nobody(answer)
    assert admin.post(f"/people/invitations/{pk}/withdraw/").status_code == 404


@pytest.mark.parametrize("change", ["{}x", "x{}"])
def test_a_forged_letter_opens_nothing(admin, browser, change):
    token = invited(admin).removeprefix("/join/").removesuffix("/")
    for answer in (
        browser.get(f"/join/{change.format(token)}/"),
        come_in(browser, f"/join/{change.format(token)}/"),
    ):
        assert answer.status_code == 404
        assert texts(main(answer), "h1") == ["This link does not work"]
        tells_nobody(answer)
    assert not Person.objects.filter(email="mira@x.test").exists()


def test_a_link_of_one_partner_opens_nothing_at_another(admin, aurora):
    link = invited(admin)
    elsewhere = Client(HTTP_HOST=aurora.host)
    assert elsewhere.get(link).status_code == 404
    assert come_in(elsewhere, link).status_code == 404


def test_sent_again_the_older_letter_is_dead(admin, browser):
    old = invited(admin)
    pk = Invitation.objects.get().pk
    assert admin.post(f"/people/invitations/{pk}/resend/").url == "/people/"
    new = LINK.search(mail.outbox[-1].body)[0]
    assert browser.get(old).status_code == 404
    assert "a newer one was sent since" in main(browser.get(old)).text
    assert come_in(browser, new).status_code == 302


def test_whoever_is_signed_in_as_a_customer_may_take_it_and_is_signed_out(admin, viewer):
    link = invited(admin)
    assert "Viewer is signed in here" in main(viewer.get(link)).text
    assert come_in(viewer, link).url == "/"
    assert viewer.get("/").url == "/desk/"


@pytest.mark.parametrize("slug", ["admin", "finance"])
def test_a_posted_number_invites_nobody_to_more_than_the_giver_has(lead, slug):  # noqa: F811
    assert "That is not offered" in told(invite(lead, slug))
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("slug", "customer", "said"),
    [
        ("viewer", "", "Say which customer's"),
        ("viewer", "999999", "That is not offered"),
        ("operator", "harbor", "Operator sees every customer"),
    ],
)
def test_role_and_customer_go_together(admin, kestrel, slug, customer, said):
    customer = kestrel.harbor if customer == "harbor" else customer
    assert said in told(invite(admin, slug, customer=customer))
    assert not Invitation.objects.exists()


def test_an_address_that_is_known_is_refused_with_a_word(admin, operator):
    assert "can sign in here already" in told(invite(admin, email="Operator@kestrel.test"))
    invite(admin)
    assert "was invited already" in told(invite(admin))


def test_an_invitation_to_more_than_one_may_do_is_neither_sent_again_nor_withdrawn(lead, kestrel):  # noqa: F811
    made, _ = inviting.invite(
        person("admin", name="Ada"), email="b@x.test", name="Ben", role=role("admin")
    )
    for verb in ("resend", "withdraw"):
        answer = lead.post(f"/people/invitations/{made.pk}/{verb}/")
        assert "Partner admin may do more than you" in told(answer)


def test_it_asks_for_the_forms_own_token(admin, kestrel):
    link = invited(admin)
    strict = Client(HTTP_HOST=kestrel.host, enforce_csrf_checks=True)
    assert come_in(strict, link).status_code == 403


def test_platform_staff_are_invited_in_the_console(staff):  # noqa: F811
    from django_tenants.utils import schema_context

    with schema_context("public"):
        link = invited(staff, "platform-admin")
    browser = Client(HTTP_HOST="platform.localhost")
    assert come_in(browser, link).url == "/"
    assert browser.get("/").url == "/partners/"


@pytest.mark.parametrize("line", ["Gone: {}", "Not Found: {}x/", "GET {} 422"])
def test_no_log_holds_the_link(admin, line):
    link = invited(admin)
    token = link.removeprefix("/join/").removesuffix("/")
    for text in (line.format(link), line.format(link.replace(":", "%3A"))):
        written = redact_text(text)
        assert token.partition(":")[0] not in written
        assert written.count("not shown") == 1


def test_a_failing_page_logs_no_link(browser, monkeypatch, admin):
    from portal.pages.views import errors, join

    logged = []
    monkeypatch.setattr(errors.log, "error", lambda *_, **facts: logged.append(facts))
    monkeypatch.setattr(join, "JoinForm", None)
    link = invited(admin)
    browser.raise_request_exception = False
    assert browser.get(link).status_code == 500
    assert [facts["path"] for facts in logged] == ["/join/…"]


@pytest.mark.parametrize("who", ["operator", "viewer"])
def test_only_who_manages_people_invites(request, who, kestrel):
    client = request.getfixturevalue(who)
    assert invite(client).status_code == 403
    assert not Invitation.objects.exists()


def test_hostile_words_are_text(admin, browser, kestrel):
    hostile = "<img src=x>"
    admin_person = Person.objects.get(email="admin@kestrel.test")
    Person.objects.filter(pk=admin_person.pk).update(name=hostile)
    link = invited(admin, name=hostile)
    for answer in (browser.get(link), admin.get("/people/")):
        assert b"<img" not in answer.content
    assert "<img" not in mail.outbox[-1].alternatives[0][0]
    assert sign_in(kestrel, "engineer")
