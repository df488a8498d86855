"""Another name, another role: never one's own role, and never more than one may do oneself."""

import pytest

from portal.accounts.domain import changing
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Person
from tests.accounts.conftest import person, role

pytestmark = pytest.mark.db


def change(by, someone, slug, name="Dana Reyes"):
    return changing.change(by, someone.pk, name=name, role_id=role(slug).pk)


def test_a_new_role_counts_from_the_next_click_on(ada, operator):
    dana = Person.objects.get(email="operator@kestrel.test")
    assert operator.get("/overview/").status_code == 403
    assert change(ada, dana, "engineer").role.slug == "engineer"
    assert operator.get("/overview/").status_code == 200
    dana.refresh_from_db()
    assert dana.name == "Dana Reyes"


def test_nobody_changes_their_own_role_but_their_name(ada):
    person("admin", name="Ben")
    with pytest.raises(RefusedError, match="Nobody changes their own role"):
        change(ada, ada, "operator")
    assert change(ada, ada, "admin", name="Ada Marsh").name == "Ada Marsh"


def test_nobody_gives_a_role_that_may_do_more_than_they(lead):
    with pytest.raises(RefusedError, match="Partner admin may do more than you"):
        change(lead, person("operator"), "admin")


def test_nobody_changes_somebody_who_may_do_more(lead, ada):
    for slug in ("operator", "admin"):
        with pytest.raises(RefusedError, match="Partner admin may do more than you"):
            change(lead, ada, slug)
    ada.refresh_from_db()
    assert (ada.name, ada.role.slug) == ("Ada", "admin")


def test_a_role_of_the_other_kind_is_refused_both_ways(ada, olga):
    with pytest.raises(RefusedError, match="Operator is for your own people. Invite Olga anew"):
        change(ada, olga, "operator")
    with pytest.raises(RefusedError, match="Customer owner is for customers' people"):
        change(ada, person("operator"), "owner")


def test_the_last_who_manages_people_keeps_that(ada):
    ben = person("admin", name="Ben")
    changing.change(ben, ada.pk, name="Ada", role_id=role("operator").pk)
    with pytest.raises(RefusedError, match="Nobody would be left who manages people"):
        change(ada, ben, "operator")  # Ada's page was open since before


def test_a_role_that_is_gone_is_named_so(ada):
    dana = person("operator")
    with pytest.raises(RefusedError, match="There is no such role any more"):
        changing.change(ada, dana.pk, name="Dana", role_id=999_999)
