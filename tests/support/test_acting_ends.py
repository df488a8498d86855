"""When acting for a customer's person ends, and for whom it cannot begin."""

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from portal.accounts.models import Limit, Person, Role
from portal.support.domain import acting, deciding, handing, platform_staff, states
from portal.support.domain.asking import Asker
from portal.support.domain.asking import ask as ask_for
from portal.support.models import Handover, Rule, SupportAccess
from portal.tenants import life
from portal.tenants.models import Partner
from tests.accounts.conftest import person
from tests.support.conftest import WHY, allow, begun, how_it_ended, looked, of_the_platform

pytestmark = pytest.mark.db


def test_time_ends_it_and_ana_is_herself_again(house):
    access = begun(house, minutes=15)
    house.clock.move(15 * 60 - 1)
    assert house.ana_client.get("/orders/").status_code == 200
    house.clock.move(1)
    answer = house.ana_client.get("/orders/")
    assert (answer.status_code, answer.url) == (302, "/support/")
    assert how_it_ended(access) == ("over", "its time was over")
    assert "/desk/" in house.ana_client.get("/support/").content.decode()


def test_a_part_that_a_page_asks_for_leads_away_too(house):
    begun(house, minutes=15)
    house.clock.move(15 * 60)
    answer = house.ana_client.get("/home/", HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/support/")


def test_ending_it_by_hand(house):
    access = begun(house)
    answer = house.ana_client.post("/support/end/")
    assert (answer.status_code, answer.url) == (302, "/support/")
    assert how_it_ended(access) == ("over", "Ana Ruiz ended it")
    assert house.ana_client.get("/desk/").status_code == 200
    assert house.ana_client.post("/support/end/").status_code == 404


def test_the_customer_ends_it_at_the_next_request(house):
    access = begun(house)
    assert house.hanna_client.post(f"/privacy/{access.pk}/end/").status_code == 302
    assert house.ana_client.get("/orders/").url == "/support/"
    assert how_it_ended(access) == ("over", "Hanna Berg ended it")


def test_never_ends_it_at_the_next_request(house):
    access = begun(house)
    allow(house, Rule.NEVER)
    assert house.ana_client.get("/orders/").url == "/support/"
    assert "allows no access" in how_it_ended(access)[1]


def test_logging_out_ends_it(house):
    access = begun(house)
    assert house.ana_client.post("/logout/").url == "/login/"
    assert how_it_ended(access) == ("over", "Ana Ruiz logged out")


def _left(house):
    Person.objects.filter(pk=house.ana.pk).update(is_active=False)


def _may_not(house):
    role = Role.objects.get(slug="operator")
    Role.objects.filter(pk=role.pk).update(
        permissions=[one for one in role.permissions if one != acting.PERMISSION]
    )


def _limited(house):
    Person.objects.filter(pk=house.ana.pk).update(is_limited=True)
    Limit.objects.create(person=house.ana, customer_id=house.site.maris, made_by="x")


def _vera_left(house):
    Person.objects.filter(pk=house.vera.pk).update(is_active=False)


def _vera_moved(house):
    Person.objects.filter(pk=house.vera.pk).update(customer_id=house.site.maris)


@pytest.mark.parametrize("change", [_left, _may_not, _limited, _vera_left, _vera_moved])
def test_whoever_may_no_more_acts_no_more(house, change):
    access = begun(house)
    change(house)
    answer = house.ana_client.get("/orders/")
    assert answer.status_code == 302
    assert answer.url in ("/support/", "/login/", "/login/?next=/orders/")
    assert how_it_ended(access)[0] == "over"


def test_a_second_step_that_the_customers_role_asks_for_is_not_anas(house):
    Role.objects.filter(slug="viewer").update(requires_mfa=True)
    begun(house)
    assert house.ana_client.get("/orders/").status_code == 200


def test_nobody_begins_what_another_asked_for(house, engineer):
    access = ask_for(Asker(house.ana.name, house.ana), house.vera, reason=WHY, minutes=15)
    states.grant(access, by="Hanna")
    assert engineer.post(f"/support/{access.pk}/begin/").status_code == 404
    assert engineer.post(f"/support/{access.pk}/withdraw/").status_code == 404


def test_acting_writes_no_person(house):
    access = begun(house)
    request_person = SupportAccess.objects.get(pk=access.pk).person
    with pytest.raises(RuntimeError):
        acting._only_looking(request_person).save()


def _left_the_platform(pat):
    with schema_context("public"):
        Person.objects.filter(pk=pat.pk).update(is_active=False)


def _no_support_any_more(pat):
    with schema_context("public"):
        role = Role.objects.get(pk=pat.role_id)
        role.permissions = [one for one in role.permissions if one != platform_staff.PERMISSION]
        role.save()


class TestGuest:
    """Somebody of the platform's, by a link that works once."""

    @pytest.fixture
    def pat(self, house):
        return of_the_platform()

    @pytest.fixture
    def access(self, house, pat):
        allow(house)
        by = Asker("Pat Lee", platform_key=platform_staff.key(pat))
        return ask_for(by, house.vera, reason=WHY, minutes=15)

    @pytest.fixture
    def guest(self, house):
        return Client(HTTP_HOST=house.site.host)

    def test_the_link_asks_first_and_then_acts(self, house, access, guest):
        url = f"/support/enter/{handing.hand_over(access)}/"
        page = guest.get(url).content.decode()
        assert "You will see what Vera of Harbor Outfitters sees, for 15 min" in page
        assert guest.post(url).url == "/"
        assert "for Pat Lee" in guest.get("/orders/").content.decode()
        assert looked(access) == [("Orders", "/orders/")]
        assert guest.get("/you/").status_code == 403
        other = Client(HTTP_HOST=house.site.host)
        assert other.post(url).status_code == 410
        assert other.get("/orders/").url.startswith("/login/")

    @pytest.mark.parametrize("change", [_left_the_platform, _no_support_any_more])
    def test_whoever_may_no_more_on_the_platform_acts_no_more(
        self, house, pat, access, guest, change
    ):
        guest.post(f"/support/enter/{handing.hand_over(access)}/")
        assert guest.get("/orders/").status_code == 200
        change(pat)
        assert guest.get("/orders/").url.startswith("/login/")
        assert how_it_ended(access) == ("over", "Pat Lee may not do this any more")
        assert looked(access) == [("Orders", "/orders/")]

    def test_whoever_may_no_more_does_not_come_in(self, house, pat, access, guest):
        url = f"/support/enter/{handing.hand_over(access)}/"
        _left_the_platform(pat)
        answer = guest.post(url)
        assert answer.status_code == 410
        assert "may not do this any more" in answer.content.decode()
        assert how_it_ended(access)[0] == "granted"

    @pytest.mark.parametrize("key", ["", "platform:", "platform:x", "platform:0", "4"])
    def test_a_key_of_nobody_is_nobody(self, house, key):
        assert not platform_staff.may_still(key)

    @pytest.mark.parametrize("verb", ["suspend", "archive"])
    def test_a_partner_that_is_not_open_ends_it(self, house, access, guest, verb):
        guest.post(f"/support/enter/{handing.hand_over(access)}/")
        ana = begun(house)
        with schema_context("public"):
            partner = Partner.objects.get(schema_name="kestrel")
            life.turn(partner, verb, actor="Ops", reason="unpaid")
        assert guest.get("/orders/").status_code != 200
        assert how_it_ended(access) == ("over", "the site was closed")
        assert how_it_ended(ana)[0] == "over"
        with schema_context("public"):
            back = {"suspend": "resume", "archive": "bring_back"}[verb]
            life.turn(partner, back, actor="Ops", reason="paid")
        assert guest.get("/orders/").url.startswith("/login/")

    def test_ending_it_leaves_nobody_signed_in(self, house, access, guest):
        guest.post(f"/support/enter/{handing.hand_over(access)}/")
        assert guest.post("/support/end/").url == "/login/"
        assert guest.get("/orders/").url.startswith("/login/")

    def test_time_leaves_nobody_signed_in(self, house, access, guest):
        guest.post(f"/support/enter/{handing.hand_over(access)}/")
        house.clock.move(15 * 60)
        assert guest.get("/orders/").url.startswith("/login/")
        assert guest.get("/orders/").url.startswith("/login/")

    def test_a_link_is_good_for_two_minutes(self, house, access, guest):
        url = f"/support/enter/{handing.hand_over(access)}/"
        house.clock.move(120)
        assert guest.get(url).status_code == 410
        assert guest.post(url).status_code == 410
        assert not Handover.objects.exclude(used_at=None).exists()

    def test_a_made_up_link_leads_nowhere(self, house, access, guest):
        assert guest.get("/support/enter/made-up/").status_code == 404
        token = handing.hand_over(access)
        assert (
            guest.post(
                f"/support/enter/{token[:-1]}{'a' if token[-1] != 'a' else 'b'}/"
            ).status_code
            == 404
        )

    def test_a_link_of_one_partner_is_none_of_another(self, house, access, aurora):
        token = handing.hand_over(access)
        elsewhere = Client(HTTP_HOST=aurora.host)
        assert elsewhere.post(f"/support/enter/{token}/").status_code == 410
        with schema_context(aurora.schema):
            assert not SupportAccess.objects.exists()

    def test_the_partners_own_people_see_it(self, house, access):
        page = house.ana_client.get("/support/").content.decode()
        assert "Pat Lee" in page
        assert "from the platform" in page

    def test_whoever_signs_in_meanwhile_is_no_guest(self, house, access, guest):
        guest.post(f"/support/enter/{handing.hand_over(access)}/")
        session = guest.session
        guest.force_login(person("viewer", name="Wim", customer_id=house.site.harbor))
        session = guest.session
        session[acting.ACTING] = access.pk
        session.save()
        assert guest.get("/orders/").status_code == 302


def test_who_decides_is_looked_for_by_their_own_customer(house):
    access = begun(house)
    mara = person("owner", name="Mara", customer_id=house.site.maris)
    client = Client(HTTP_HOST=house.site.host)
    client.force_login(mara, backend="portal.accounts.backends.EmailBackend")
    assert client.post(f"/privacy/{access.pk}/end/").status_code == 404
    with pytest.raises(deciding.NotTheirsError):
        deciding.end(mara, access.pk)
    assert how_it_ended(access)[0] == "running"
