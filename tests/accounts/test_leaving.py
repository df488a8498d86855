"""The end of somebody's access: at once, and never that of the last who manages people."""

import pytest
from django.test import Client

from portal.accounts.domain import leaving
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Person, Session
from tests.accounts.conftest import person

pytestmark = pytest.mark.db


def test_whoever_left_is_signed_out_everywhere_and_nobody_else_is(ada, kestrel, operator):
    dana = Person.objects.get(email="operator@kestrel.test")
    elsewhere, bystander = Client(HTTP_HOST=kestrel.host), Client(HTTP_HOST=kestrel.host)
    elsewhere.force_login(dana, backend="portal.accounts.backends.EmailBackend")
    bystander.force_login(person("engineer"), backend="portal.accounts.backends.EmailBackend")
    assert Session.objects.count() == 3
    leaving.deactivate(ada, dana.pk)
    assert Session.objects.count() == 1
    assert operator.get("/orders/").url.startswith("/login/")
    assert elsewhere.get("/orders/").url.startswith("/login/")
    assert bystander.get("/orders/").status_code == 200


def test_whoever_is_let_in_again_is_not_signed_in_by_that(ada, operator):
    dana = Person.objects.get(email="operator@kestrel.test")
    leaving.deactivate(ada, dana.pk)
    leaving.reactivate(ada, dana.pk)
    assert operator.get("/orders/").url.startswith("/login/")
    dana.refresh_from_db()
    assert dana.is_active


def test_nobody_ends_their_own_access(ada):
    person("admin", name="Ben")
    with pytest.raises(RefusedError, match="Nobody ends their own access"):
        leaving.deactivate(ada, ada.pk)


def test_nobody_ends_the_access_of_somebody_who_may_do_more(lead, ada):
    with pytest.raises(RefusedError, match="Partner admin may do more than you"):
        leaving.deactivate(lead, ada.pk)
    ada.refresh_from_db()
    assert ada.is_active


def test_nobody_lets_somebody_in_who_may_do_more(lead, ada):
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    with pytest.raises(RefusedError, match="Partner admin may do more than you"):
        leaving.reactivate(lead, ada.pk)


def test_of_two_who_end_each_others_access_one_stays(ada):
    ben = person("admin", name="Ben")
    leaving.deactivate(ben, ada.pk)
    with pytest.raises(RefusedError, match="Nobody would be left who manages people"):
        leaving.deactivate(ada, ben.pk)  # Ada's page was open since before
    ben.refresh_from_db()
    assert ben.is_active


def test_the_last_owner_of_a_customer_may_leave_because_the_partner_is_there(ada, olga):
    assert not leaving.deactivate(ada, olga.pk).is_active
