"""The matrix of rights: what a sheet changes, and what no sheet can."""

import pytest

from portal.accounts.domain import reach, role_changes
from portal.accounts.domain.reach import RefusedError
from portal.accounts.domain.role_changes import SECOND_FACTOR, Change
from portal.accounts.models import Role
from portal.accounts.roles import PERMISSIONS
from tests.accounts.conftest import person, role

pytestmark = pytest.mark.db


def staff():
    return list(Role.objects.filter(for_customers=False).order_by("label"))


def sheet(roles, *, give=(), take=()):
    """The cells of a page on which some were checked and unchecked."""
    cells = {(one.pk, right) for one in roles for right in one.permissions}
    cells |= {(one.pk, SECOND_FACTOR) for one in roles if one.requires_mfa}
    return (cells | {(role(slug).pk, right) for slug, right in give}) - {
        (role(slug).pk, right) for slug, right in take
    }


def apply(by, *changes):
    made = [Change(role(slug).pk, right, given) for slug, right, given in changes]
    roles = Role.objects.filter(for_customers=role(changes[0][0]).for_customers)
    return role_changes.apply(by, made, seen=role_changes.digest(roles))


def test_a_sheet_is_told_apart_from_what_is_stored(ada):
    checked = sheet(staff(), give=[("finance", "desk.view")], take=[("operator", "desk.work")]) | {
        (role("admin").pk, SECOND_FACTOR)
    }
    assert set(role_changes.between(ada, staff(), checked)) == {
        Change(role("finance").pk, "desk.view", True),
        Change(role("operator").pk, "desk.work", False),
        Change(role("admin").pk, SECOND_FACTOR, True),
    }


def test_a_sheet_as_it_was_changes_nothing(ada):
    assert role_changes.between(ada, staff(), sheet(staff())) == []


def test_changes_are_all_made_and_rights_stay_in_the_order_of_the_table(ada):
    assert apply(
        ada, ("finance", "desk.view", True), ("finance", "recon.view", False),
        ("finance", SECOND_FACTOR, True), ("operator", "overview.view", True),
    ) == 2  # fmt: skip
    finance = role("finance")
    assert finance.permissions == [
        "overview.view", "desk.view", "orders.view", "customers.view", "statements.view",
        "money.view", "money.prices", "money.bill",
    ]  # fmt: skip
    assert finance.requires_mfa
    assert "overview.view" in role("operator").permissions


def test_a_right_one_does_not_hold_is_neither_given_nor_taken(lead):
    for change in [("operator", "money.view", True), ("lead", "brand.edit", True)]:
        with pytest.raises(RefusedError, match="you do not have it yourself"):
            apply(lead, change)
    with pytest.raises(RefusedError, match="Finance may do more than you"):
        apply(lead, ("finance", "orders.view", False))


def test_cells_that_cannot_be_changed_are_not_missed_on_a_sheet(lead):
    sent = {(pk, right) for pk, right in sheet(staff()) if pk == role("operator").pk}
    sent |= {(role("lead").pk, right) for right in role("lead").permissions}
    assert role_changes.between(lead, staff(), sent) == []


def test_a_cell_that_was_checked_by_hand_is_refused(lead):
    with pytest.raises(RefusedError, match="You cannot give or take “Publish prices”"):
        role_changes.between(lead, staff(), sheet(staff(), give=[("lead", "money.publish")]))


@pytest.mark.parametrize("right", ["everything", "desk", "", "platform.partners", "own.orders"])
def test_rights_that_are_none_of_staff_are_refused(ada, right):
    with pytest.raises(RefusedError):
        apply(ada, ("operator", right, True))
    assert right not in role("operator").permissions


@pytest.mark.parametrize("right", ["desk.view", "people.manage", "platform.people"])
def test_customers_roles_take_only_what_is_theirs(ada, right):
    with pytest.raises(RefusedError, match="it is not for roles of this kind"):
        apply(ada, ("viewer", right, True))
    assert apply(ada, ("viewer", "own.people", True)) == 1


def test_nobody_takes_the_right_over_people_from_their_own_role(ada):
    Role.objects.filter(slug="engineer").update(permissions=["people.manage"])
    person("engineer")
    with pytest.raises(RefusedError, match="from your own role. Ask somebody else"):
        apply(ada, ("admin", "people.manage", False))


def test_the_last_role_somebody_active_has_keeps_the_right_over_people(ada):
    Role.objects.filter(slug="engineer").update(permissions=role("admin").permissions)
    ben = person("engineer", name="Ben")
    ada.is_active = False
    ada.save()
    with pytest.raises(RefusedError, match="Nobody would be left who manages people"):
        apply(ada, ("engineer", "people.manage", False))  # Ada's page was open since before
    assert ben.role.slug == "engineer"


def test_of_two_sheets_at_once_the_second_is_asked_to_look_again(ada):
    seen = role_changes.digest(staff())
    finance = role("finance").pk
    role_changes.apply(ada, [Change(finance, "desk.view", True)], seen=seen)
    with pytest.raises(RefusedError, match="The roles were changed since you opened this page"):
        role_changes.apply(ada, [Change(finance, "desk.work", True)], seen=seen)
    assert "desk.work" not in role("finance").permissions


def test_a_role_that_is_not_there_is_refused(ada):
    with pytest.raises(RefusedError):
        role_changes.apply(ada, [Change(999_999, "desk.view", True)], seen="")
    with pytest.raises(RefusedError, match="no such role"):
        role_changes.between(ada, staff(), {(999_999, "desk.view")})


def test_every_right_of_a_person_of_a_partner_belongs_to_one_side(kestrel):
    ours = reach.rights(for_customers=False)
    theirs = reach.rights(for_customers=True)
    assert set(ours) & set(theirs) == set()
    nobodys_here = ("platform.", "hub.")  # the platform's people, and keys of applications
    assert {*ours, *theirs} == {one for one in PERMISSIONS if not one.startswith(nobodys_here)}


def test_no_partner_takes_from_its_customers_what_is_theirs(ada):
    for right in ("own.privacy", "own.consent"):
        with pytest.raises(RefusedError, match="customer's own and cannot be taken"):
            apply(ada, ("owner", right, False))
    assert {"own.privacy", "own.consent"} <= set(role("owner").permissions)
