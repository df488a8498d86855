"""A customer's own people, looked after by one of them."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from portal.accounts.domain import inviting
from portal.accounts.models import Invitation, Person
from portal.core.mail import NOWHERE
from tests.accounts.conftest import person, role
from tests.pages.scenery import page, texts
from tests.pages.test_invitations import LINK, come_in
from tests.pages.test_people import told
from tests.people import sign_in

pytestmark = pytest.mark.db
ROWS = ".colleagues table:last-of-type tbody th"


@pytest.fixture
def owner(kestrel):
    return sign_in(kestrel, "owner", customer_id=kestrel.harbor)


@pytest.fixture
def jo(kestrel):
    return person("viewer", name="Jo", customer_id=kestrel.harbor)


@pytest.fixture
def mo(kestrel):
    """Somebody of another customer."""
    return person("viewer", name="Zq Mo", customer_id=kestrel.maris)


def invite(client, slug="viewer", **given):
    entered = {"email": "bea@x.test", "name": "Bea", "role": role(slug).pk, **given}
    return client.post("/colleagues/", entered)


def test_they_see_their_own_people_and_nobody_elses(owner, jo, mo, kestrel):
    ada = person("admin", name="Zq Ada")
    inviting.invite(
        ada, email="zq@x.test", name="Zq Lars", role=role("viewer"), customer_id=kestrel.maris
    )
    inviting.invite(ada, email="zqm@x.test", name="Zq Mira", role=role("operator"))
    answer = owner.get("/colleagues/")
    soup = page(answer)
    assert texts(soup, ROWS) == ["Jo jo@kestrel.test", "Owner (you) owner@kestrel.test"]
    for mark in ("Zq Ada", "Zq Lars", "Zq Mira", "zq@x.test", "zqm@x.test"):
        assert mark not in answer.content.decode()
    assert "Colleagues" in texts(soup, "nav.tabs a")


def test_they_invite_a_colleague_who_comes_in_for_their_customer(owner, kestrel):
    assert invite(owner).url == "/colleagues/"
    assert mail.outbox[-1].subject == "Owner invites you to Kestrel Point"
    assert "for Harbor Outfitters" in mail.outbox[-1].body
    soup = page(owner.get("/colleagues/"))
    assert texts(soup, ".colleagues table:first-of-type tbody th") == ["Bea bea@x.test"]
    browser = Client(HTTP_HOST=kestrel.host)
    come_in(browser, LINK.search(mail.outbox[-1].body)[0])
    assert browser.get("/").url == "/home/"
    assert Person.objects.get(email="bea@x.test").customer_id == kestrel.harbor


def test_a_posted_customer_or_role_changes_nothing_about_whose_they_are(owner, kestrel):
    assert "That is not offered" in told(invite(owner, "operator"))
    assert not Invitation.objects.exists()
    invite(owner, customer=kestrel.maris, customer_id=kestrel.maris)
    assert Invitation.objects.get().customer_id == kestrel.harbor


def test_only_roles_within_their_own_rights_are_offered(owner):
    soup = page(owner.get("/colleagues/"))
    assert texts(soup, "[name=role] option") == ["choose one", "Customer owner", "Customer viewer"]
    assert texts(soup, "dd") == [
        "sees orders, stock, sales invoices, questions, service, statements, bills, privacy, colleagues, consent",
        "sees orders, stock, sales invoices, questions, service, statements, bills, privacy",
    ]


def test_where_no_letter_goes_they_get_the_link_once(owner, kestrel):
    with override_settings(EMAIL_BACKEND=NOWHERE):
        answer = invite(owner)
    link = LINK.search(page(answer).text)[0]
    assert answer["Cache-Control"] == "no-store"
    assert Client(HTTP_HOST=kestrel.host).get(link).status_code == 200
    assert not LINK.search(owner.get("/colleagues/").content.decode())


def test_an_invitation_is_sent_again_and_withdrawn(owner, kestrel):
    invite(owner)
    pk, old = Invitation.objects.get().pk, LINK.search(mail.outbox[-1].body)[0]
    assert owner.post(f"/colleagues/invitations/{pk}/resend/").url == "/colleagues/"
    new = LINK.search(mail.outbox[-1].body)[0]
    browser = Client(HTTP_HOST=kestrel.host)
    assert [browser.get(link).status_code for link in (old, new)] == [404, 200]
    assert owner.post(f"/colleagues/invitations/{pk}/withdraw/").url == "/colleagues/"
    assert browser.get(new).status_code == 410


def test_a_colleagues_access_is_ended_and_given_back(owner, kestrel):
    jo = sign_in(kestrel, "viewer", email="jo@kestrel.test", customer_id=kestrel.harbor)
    pk = Person.objects.get(email="jo@kestrel.test").pk
    answer = owner.post(f"/colleagues/{pk}/end/", follow=True)
    assert texts(page(answer), ".toast") == ["Viewer cannot sign in any more"]
    assert jo.get("/orders/").url.startswith("/login/")
    owner.post(f"/colleagues/{pk}/let-in/")
    assert Person.objects.get(pk=pk).is_active


def test_another_customers_person_and_staff_are_not_found(owner, mo, kestrel):
    ada = person("admin", name="Ada")
    other, _ = inviting.invite(
        ada, email="l@x.test", name="Lars", role=role("viewer"), customer_id=kestrel.maris
    )
    for someone in (mo, ada):
        for verb in ("end", "let-in"):
            assert owner.post(f"/colleagues/{someone.pk}/{verb}/").status_code == 404
    for verb in ("resend", "withdraw"):
        answer = owner.post(f"/colleagues/invitations/{other.pk}/{verb}/")
        assert answer.status_code == 404
        assert b"Lars" not in answer.content
    assert owner.get(f"/people/{mo.pk}/").status_code == 403
    assert not Person.objects.filter(is_active=False).exists()
    other.refresh_from_db()
    assert other.withdrawn_at is None


def test_they_do_not_end_their_own_access(owner):
    own = Person.objects.get(email="owner@kestrel.test")
    assert "Nobody ends their own access" in told(owner.post(f"/colleagues/{own.pk}/end/"))
    assert owner.get("/colleagues/").status_code == 200


def test_of_an_address_of_another_customer_nothing_is_told(owner, mo):
    answer = invite(owner, email=mo.email)
    assert told(answer) == "This address cannot be invited. Ask us to help you."
    assert b"sign in here already" not in answer.content


@pytest.mark.parametrize("who", ["viewer", "admin", "operator"])
def test_nobody_but_owners_opens_the_page(request, who, jo):
    client = request.getfixturevalue(who)
    assert client.get("/colleagues/").status_code == 403
    assert invite(client).status_code == 403
    assert client.post(f"/colleagues/{jo.pk}/end/").status_code == 403


def test_three_colleagues_ask_no_more_queries_than_one(owner, jo, kestrel):
    invite(owner)
    owner.get("/colleagues/")
    with CaptureQueriesContext(connection) as one:
        owner.get("/colleagues/")
    for n in (2, 3):
        person("viewer", name=f"Jo {n}", customer_id=kestrel.harbor)
        invite(owner, email=f"b{n}@x.test")
    owner.get("/colleagues/")
    with CaptureQueriesContext(connection) as three:
        owner.get("/colleagues/")
    assert len(three) == len(one)
