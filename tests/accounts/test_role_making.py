"""New roles, new names, and the end of those nobody has."""

import pytest

from portal.accounts.domain import inviting, role_making
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Invitation, Role
from tests.accounts.conftest import person, role

pytestmark = pytest.mark.db


def test_a_new_role_may_do_what_its_original_may(ada):
    Role.objects.filter(slug="operator").update(requires_mfa=True)
    made = role_making.copy(ada, of_id=role("operator").pk, label="Night shift")
    assert (made.slug, made.for_customers, made.requires_mfa) == ("night-shift", False, True)
    assert made.permissions == role("operator").permissions


def test_names_that_slug_alike_get_slugs_of_their_own(ada):
    slugs = [
        role_making.copy(ada, of_id=role("operator").pk, label=label).slug
        for label in ("Admin!", "Ädmin", "夜勤")
    ]
    assert slugs == ["admin-2", "admin-3", "role"]


@pytest.mark.parametrize("label", ["Operator", "oPERATOR"])
def test_no_two_roles_share_a_name(ada, label):
    with pytest.raises(RefusedError, match="There is a role named"):
        role_making.copy(ada, of_id=role("finance").pk, label=label)
    with pytest.raises(RefusedError, match="There is a role named"):
        role_making.rename(ada, role("finance").pk, label=label)


def test_a_role_keeps_its_name_in_other_letters(ada):
    assert role_making.rename(ada, role("finance").pk, label="FINANCE").label == "FINANCE"


def test_nobody_copies_renames_or_deletes_a_role_that_may_do_more(lead):
    admin = role("admin").pk
    for verb in (
        lambda: role_making.copy(lead, of_id=admin, label="Mine"),
        lambda: role_making.rename(lead, admin, label="Mine"),
        lambda: role_making.delete(lead, admin),
    ):
        with pytest.raises(RefusedError, match="Partner admin may do more than you"):
            verb()


def test_a_role_goes_once_nobody_has_it_or_is_invited_to_it(ada):
    made = role_making.copy(ada, of_id=role("operator").pk, label="Night shift")
    someone = person("night-shift")
    someone.is_active = False
    someone.save()
    with pytest.raises(RefusedError, match="Night shift has people"):
        role_making.delete(ada, made.pk)
    someone.delete()
    invitation, _ = inviting.invite(ada, email="m@kestrel.test", name="Mira", role=made)
    with pytest.raises(RefusedError, match="Somebody is invited as Night shift"):
        role_making.delete(ada, made.pk)
    inviting.withdraw(ada, invitation.pk)
    role_making.delete(ada, made.pk)
    assert not Role.objects.filter(slug="night-shift").exists()
    assert Invitation.objects.get().role is None
