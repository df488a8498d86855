"""Who is made by a provider, and which role its rules give: never more than they say."""

from datetime import timedelta

import pytest

from portal.accounts.domain import inviting
from portal.accounts.models import Invitation, Limit, Person, Role
from portal.core import clock
from tests.accounts.conftest import person
from tests.accounts.walking import browser, is_in, person_of
from tests.openid.coming import PROVEN, change, refused, through
from tests.openid.conftest import rule

pytestmark = pytest.mark.db


def test_somebody_new_is_made_only_where_the_provider_may_and_a_rule_gives_a_role(
    kestrel, kestrel_id, here, local
):
    local.knows("u-9", **{**PROVEN, "email": "new@kestrel.test"}, groups=["ops"])
    assert "Ask to be invited" in refused(through(here, local, "u-9"))
    change(kestrel_id, makes_people=True)
    assert "Ask to be invited" in refused(through(here, local, "u-9"))
    rule(kestrel_id, "groups", "ops", "operator")
    assert through(here, local, "u-9").url == "/"
    made = Person.objects.get(email="new@kestrel.test")
    assert (made.role.slug, made.name, made.has_usable_password()) == (
        "operator",
        "Ana Ruiz",
        False,
    )


def test_somebody_new_of_a_customer_belongs_to_that_customer(kestrel, kestrel_id, here, local):
    change(kestrel_id, makes_people=True)
    rule(kestrel_id, "groups", "harbor", "viewer", customer_id=kestrel.harbor)
    local.knows("u-9", **PROVEN, groups=["harbor"])
    assert through(here, local, "u-9").url == "/"
    assert Person.objects.get(email="ana@kestrel.test").customer_id == kestrel.harbor


def test_somebody_new_of_staff_works_for_whom_the_rule_says(kestrel, kestrel_id, here, local):
    change(kestrel_id, makes_people=True)
    rule(kestrel_id, "groups", "harbor-desk", "operator", customer_id=kestrel.harbor)
    local.knows("u-9", **PROVEN, groups=["harbor-desk"])
    through(here, local, "u-9")
    made = Person.objects.get(email="ana@kestrel.test")
    assert made.is_limited
    assert [one.customer_id for one in Limit.objects.filter(person=made)] == [kestrel.harbor]


def test_roles_are_judged_anew_each_time_where_the_provider_decides_them(
    kestrel, kestrel_id, here, local, ana
):
    rule(kestrel_id, "groups", "engineers", "engineer")
    local.knows("u-1", **PROVEN, groups=["engineers"])
    through(here, local, "u-1")
    assert Person.objects.get(pk=ana.pk).role.slug == "operator"  # it does not decide yet
    change(kestrel_id, decides_roles=True)
    through(browser(kestrel), local, "u-1")
    assert Person.objects.get(pk=ana.pk).role.slug == "engineer"
    local.knows("u-1", **PROVEN, groups=["cooks"])
    out = browser(kestrel)
    assert "gives you a role here any more" in refused(through(out, local, "u-1"))
    assert not is_in(out)


def test_nobody_comes_to_manage_people_but_by_a_rule_that_says_so(kestrel, kestrel_id, local, ana):
    change(kestrel_id, decides_roles=True)
    rule(kestrel_id, "groups", "ops", "operator")
    local.knows("u-1", **PROVEN, groups=["ops", "admin", "people.manage"], role="admin")
    through(browser(kestrel), local, "u-1")
    assert Person.objects.get(pk=ana.pk).role.slug == "operator"
    kestrel_id.rules.all().delete()
    rule(kestrel_id, "groups", "admin", "admin")
    through(browser(kestrel), local, "u-1")
    assert Person.objects.get(pk=ana.pk).role.slug == "admin"


def test_nobody_changes_sides_by_a_rule(kestrel, kestrel_id, here, local, ana):
    change(kestrel_id, decides_roles=True)
    rule(kestrel_id, "groups", "harbor", "viewer", customer_id=kestrel.harbor)
    local.knows("u-1", **PROVEN, groups=["harbor"])
    assert "somebody else’s people" in refused(through(here, local, "u-1"))
    kept = Person.objects.get(pk=ana.pk)
    assert (kept.role.slug, kept.customer_id) == ("operator", None)


def test_whoever_is_the_last_to_manage_people_goes_on_doing_so(kestrel, kestrel_id, local):
    boss = person_of(kestrel, "admin")
    change(kestrel_id, decides_roles=True)
    rule(kestrel_id, "groups", "ops", "operator")
    local.knows("u-1", **PROVEN, groups=["ops"])
    through(browser(kestrel), local, "u-1")
    assert Person.objects.get(pk=boss.pk).role.slug == "admin"
    person("admin", name="Second")
    through(browser(kestrel), local, "u-1")
    assert Person.objects.get(pk=boss.pk).role.slug == "operator"


def test_a_limit_that_a_person_gave_is_not_lifted_by_a_rule_that_says_nothing_of_it(
    kestrel, kestrel_id, here, local, ana
):
    Limit.objects.create(person=ana, customer_id=kestrel.maris, made_by="Ada")
    Person.objects.filter(pk=ana.pk).update(is_limited=True)
    change(kestrel_id, decides_roles=True)
    rule(kestrel_id, "groups", "ops", "operator")
    local.knows("u-1", **PROVEN, groups=["ops"])
    through(here, local, "u-1")
    assert Person.objects.get(pk=ana.pk).is_limited


def test_whoever_was_invited_comes_in_with_the_role_of_the_invitation(kestrel, here, local):
    ada = person("admin", name="Ada")
    role = Role.objects.get(slug="engineer")
    inviting.invite(ada, email="ana@kestrel.test", name="Ana", role=role)
    local.knows("u-1", **PROVEN)
    assert through(here, local, "u-1").url == "/"
    made = Person.objects.get(email="ana@kestrel.test")
    assert made.role.slug == "engineer"
    assert Invitation.objects.get().person == made


def test_an_invitation_that_is_over_lets_nobody_in(kestrel, here, local):
    ada = person("admin", name="Ada")
    inviting.invite(
        ada, email="ana@kestrel.test", name="Ana", role=Role.objects.get(slug="engineer")
    )
    Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    local.knows("u-1", **PROVEN)
    assert "Ask to be invited" in refused(through(here, local, "u-1"))
