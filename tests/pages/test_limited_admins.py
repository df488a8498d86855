"""What somebody who manages people and works for some customers is offered, and what is refused in words."""

import pytest
from bs4 import BeautifulSoup

from portal.accounts.domain import inviting, limits, tokens
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import ApiToken, Invitation, Person, Session
from tests.accounts.conftest import person, role
from tests.api.test_token_pages import form
from tests.pages.scenery import page, texts
from tests.pages.test_works_for import limited
from tests.people import sign_in

pytestmark = pytest.mark.db
MORE = "Rob works for more customers than you do. Ask somebody who works for all of them."


@pytest.fixture
def chief(kestrel):
    """An admin who works for Harbor only."""
    return limited(kestrel, "admin", kestrel.harbor)


@pytest.fixture
def me(chief) -> Person:
    return Person.objects.get(email="limited-admin@kestrel.test")


@pytest.fixture
def rob(kestrel) -> Person:
    """Works for all customers, and is signed in."""
    sign_in(kestrel, "operator", email="rob@kestrel.test")
    Person.objects.filter(email="rob@kestrel.test").update(name="Rob")
    return Person.objects.get(email="rob@kestrel.test")


def boss() -> Person:
    return Person.objects.get(email="boss@kestrel.test")


def refused(answer) -> BeautifulSoup:
    assert answer.status_code == 422, answer.status_code
    return BeautifulSoup(answer.content, "html.parser")


class TestInviting:
    def given(self, slug, **also):
        return {"email": "new@kestrel.test", "name": "Nia", "role": role(slug).pk, **also}

    def test_roles_of_the_house_are_not_offered_and_the_form_says_why(self, chief):
        soup = page(chief.get("/people/invite/"))
        assert "Operator" not in texts(soup, "select[name=role] option")
        assert "Customer viewer" in texts(soup, "select[name=role] option")
        assert inviting.NOT_OUR_OWN in soup.text

    def test_one_that_is_posted_is_refused_in_words_and_the_input_stays(self, chief):
        soup = refused(chief.post("/people/invite/", self.given("operator")))
        assert inviting.NOT_OUR_OWN in " ".join(texts(soup, "[role=alert]"))
        assert soup.select_one("[name=email]")["value"] == "new@kestrel.test"
        assert not Invitation.objects.exists()

    def test_people_of_ones_customers_are_invited(self, chief, kestrel):
        given = self.given("viewer", customer=kestrel.harbor)
        assert chief.post("/people/invite/", given).status_code in (200, 302)
        assert Invitation.objects.get().customer_id == kestrel.harbor
        refused(chief.post("/people/invite/", self.given("viewer", customer=kestrel.maris)))

    def test_the_verb_refuses_what_the_form_does_not_offer(self, me, kestrel):
        for slug, customer in (("operator", None), ("viewer", kestrel.maris)):
            with pytest.raises(RefusedError):
                inviting.invite(
                    me, email="n@x.test", name="N", role=role(slug), customer_id=customer
                )

    def test_an_invitation_to_the_house_is_left_to_whoever_works_for_all(self, chief):
        made, _ = inviting.invite(boss(), email="o@x.test", name="Olu", role=role("operator"))
        soup = page(chief.get("/people/"))
        assert not soup.select(".people-invited form")
        assert inviting.NOT_OUR_OWN in soup.select_one(".people-invited").text
        for verb in ("resend", "withdraw"):
            soup = refused(chief.post(f"/people/invitations/{made.pk}/{verb}/"))
            assert inviting.NOT_OUR_OWN in soup.text


class TestColleagues:
    def test_whoever_works_for_more_is_not_theirs_to_change(self, chief, rob):
        soup = page(chief.get(f"/people/{rob.pk}/"))
        assert texts(soup, ".notice") == [MORE]
        assert not soup.select("#work form, .page-actions form")

    def test_what_is_posted_all_the_same_is_refused_in_words_and_the_input_stays(self, chief, rob):
        soup = refused(chief.post(f"/people/{rob.pk}/", {"name": "Bob", "role": rob.role_id}))
        assert MORE in " ".join(texts(soup, "[role=alert]"))
        assert soup.select_one("[name=name]")["value"] == "Bob"
        assert MORE in refused(chief.post(f"/people/{rob.pk}/end/")).text
        rob.refresh_from_db()
        assert (rob.name, rob.is_active) == ("Rob", True)
        Person.objects.filter(pk=rob.pk).update(is_active=False)
        assert MORE in refused(chief.post(f"/people/{rob.pk}/let-in/")).text

    def test_whoever_works_for_no_more_is_changed_and_signed_out(self, chief, rob, kestrel):
        limits.limit(rob, customers=[kestrel.harbor], groups=[], by=boss())
        given = {"name": "Bob", "role": role("finance").pk}
        assert chief.post(f"/people/{rob.pk}/", given).status_code == 302
        assert Session.objects.filter(person=rob).exists()
        assert chief.post(f"/people/{rob.pk}/end/").status_code == 302
        rob.refresh_from_db()
        assert (rob.name, rob.role.slug, rob.is_active) == ("Bob", "finance", False)
        assert not Session.objects.filter(person=rob).exists()
        assert chief.post(f"/people/{rob.pk}/let-in/").status_code == 302

    def test_people_of_ones_customers_are_changed_and_others_are_nowhere(self, chief, kestrel):
        hanna = person("viewer", name="Hanna", customer_id=kestrel.harbor)
        mara = person("viewer", name="Mara", customer_id=kestrel.maris)
        assert chief.post(f"/people/{hanna.pk}/end/").status_code == 302
        assert chief.post(f"/people/{mara.pk}/end/").status_code == 404
        assert set(Person.objects.filter(is_active=False)) == {hanna}

    def test_ones_own_name_is_changed(self, chief, me):
        given = {"name": "Chief", "role": me.role_id}
        assert chief.post(f"/people/{me.pk}/", given).status_code == 302
        me.refresh_from_db()
        assert (me.name, me.is_limited) == ("Chief", True)


class TestTokens:
    def test_one_for_all_customers_is_not_offered(self, chief):
        soup = page(chief.get("/tokens/new/"))
        assert texts(soup, "select[name=customer] option") == ["choose one", "Harbor Outfitters"]
        assert not soup.select("[name=permissions]")
        assert tokens.NOT_FOR_ALL in soup.text

    def test_one_that_is_posted_is_refused_in_words_and_the_input_stays(self, chief):
        soup = refused(chief.post("/tokens/new/", form()))
        assert tokens.NOT_FOR_ALL in " ".join(texts(soup, "[role=alert]"))
        assert soup.select_one("[name=name]")["value"] == "Nightly sync"
        assert not ApiToken.objects.exists()

    def test_one_for_ones_customer_is_made(self, chief, kestrel):
        given = form(customer=kestrel.harbor, permissions=[], own=["own.orders"])
        assert chief.post("/tokens/new/", given).status_code == 200
        assert ApiToken.objects.get().customer_id == kestrel.harbor

    def test_one_for_all_is_ended_by_whoever_works_for_all_or_made_it(self, chief, me):
        def made(by):
            ends = form()["expires_on"] + "T12:00:00+00:00"
            from datetime import datetime

            return tokens.new_token(
                by, name="T", permissions=["orders.view"], expires_at=datetime.fromisoformat(ends)
            )[0]

        theirs = made(boss())
        assert not page(chief.get("/tokens/")).select("tbody form")
        assert tokens.NOT_FOR_ALL in refused(chief.post(f"/tokens/{theirs.pk}/revoke/")).text
        theirs.refresh_from_db()
        assert theirs.revoked_at is None
        me.is_limited = False  # made before they worked for some customers only
        own = made(me)
        assert chief.post(f"/tokens/{own.pk}/revoke/").status_code == 302
        own.refresh_from_db()
        assert own.revoked_at
