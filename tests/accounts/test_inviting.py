"""Invitations: who may be invited to what, and a link that works once."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.accounts.domain import inviting
from portal.accounts.domain.inviting import TakenError
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Invitation, Person
from portal.core import clock
from portal.core.links import LinkOverError, NoLinkError
from tests.accounts.conftest import person, role

pytestmark = pytest.mark.db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def invite(by, slug="operator", *, email="Mira@Kestrel.test", customer_id=None):
    return inviting.invite(by, email=email, name="Mira", role=role(slug), customer_id=customer_id)


def accept(token):
    return inviting.accept(token, name="Mira Brandt", password="correct horse battery")


def test_an_invitation_lasts_seven_days_and_keeps_only_a_hash_of_its_link(ada):
    with clock.freeze(NOON):
        invitation, token = invite(ada)
    assert invitation.expires_at == datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert (invitation.email, invitation.invited_by) == ("mira@kestrel.test", "Ada")
    stored = Invitation.objects.values_list().get()
    assert not [value for value in stored if token in str(value)]


def test_whoever_has_the_link_becomes_the_person_that_was_invited(ada):
    _, token = invite(ada)
    found = accept(token)
    assert (found.email, found.name, found.role.slug) == (
        "mira@kestrel.test", "Mira Brandt", "operator",
    )  # fmt: skip
    assert found.check_password("correct horse battery")
    kept = Invitation.objects.get()
    assert kept.person == found
    assert kept.accepted_at is not None


def test_a_customers_person_is_limited_to_the_customer_they_were_invited_for(ada, kestrel):
    _, token = invite(ada, "viewer", customer_id=kestrel.maris)
    assert accept(token).customer_id == kestrel.maris


def test_an_invitation_used_twice_makes_one_person_and_says_so(ada):
    _, token = invite(ada)
    accept(token)
    with pytest.raises(LinkOverError, match="It was used already: an invitation works once"):
        accept(token)
    assert Person.objects.filter(email="mira@kestrel.test").count() == 1


def test_an_invitation_ends_on_the_second_after_seven_days(ada):
    with clock.freeze(NOON):
        _, token = invite(ada)
    with clock.freeze(NOON + timedelta(days=7, seconds=-1)):
        assert inviting.find(token)
    with (
        clock.freeze(NOON + timedelta(days=7)),
        pytest.raises(LinkOverError, match="good for seven days, and they are over"),
    ):
        accept(token)


def test_a_withdrawn_invitation_lets_nobody_in(ada):
    invitation, token = invite(ada)
    inviting.withdraw(ada, invitation.pk)
    with pytest.raises(LinkOverError, match="It was withdrawn"):
        accept(token)
    assert not Person.objects.filter(email="mira@kestrel.test").exists()


@pytest.mark.parametrize("change", ["{}x", "x{}", "", "nothing", "a:b"])
def test_a_forged_link_is_none(ada, change):
    _, token = invite(ada)
    with pytest.raises(NoLinkError):
        accept(change.format(token))


def test_a_link_made_for_something_else_is_none(ada):
    from portal.core import links

    invite(ada)
    with pytest.raises(NoLinkError):
        inviting.find(links.new_token("monitoring.questions"))


def test_sent_again_the_newer_link_works_and_the_older_one_is_dead(ada):
    with clock.freeze(NOON):
        invitation, old = invite(ada)
    with clock.freeze(NOON + timedelta(days=10)):
        again, new = inviting.resend(ada, invitation.pk)
        assert again.expires_at == NOON + timedelta(days=17)
        with pytest.raises(NoLinkError):
            accept(old)
        assert accept(new).email == "mira@kestrel.test"


@pytest.mark.parametrize("verb", [inviting.resend, inviting.withdraw])
def test_what_is_over_is_neither_sent_again_nor_withdrawn(ada, verb):
    invitation, token = invite(ada)
    accept(token)
    with pytest.raises(Invitation.DoesNotExist):
        verb(ada, invitation.pk)


def test_an_address_that_signs_in_here_is_not_invited(ada):
    person("operator", name="Mira")
    with pytest.raises(TakenError, match="mira@kestrel.test can sign in here already"):
        invite(ada)


def test_an_address_has_one_open_invitation(ada):
    invitation, _ = invite(ada)
    with pytest.raises(TakenError, match="was invited already"):
        invite(ada, "engineer", email="MIRA@kestrel.test")
    inviting.withdraw(ada, invitation.pk)
    assert invite(ada)[0].pk != invitation.pk


def test_whoever_was_let_in_by_other_means_meanwhile_is_told(ada):
    _, token = invite(ada)
    person("operator", name="Mira")
    with pytest.raises(LinkOverError, match="You can sign in here already"):
        accept(token)


def test_nobody_invites_to_a_role_that_may_do_more_than_they(lead):
    with pytest.raises(RefusedError, match="Partner admin may do more than you: ") as told:
        invite(lead, "admin")
    assert "See the overview; Pause, resume and test endpoints; Onboard endpoints; and " in str(
        told.value
    )
    assert invite(lead, "operator")


@pytest.mark.parametrize(
    ("slug", "customer", "words"),
    [
        ("viewer", None, "Say which customer's"),
        ("operator", "harbor", "Operator sees every customer"),
    ],
)
def test_a_role_of_one_kind_does_not_go_with_the_other(ada, kestrel, slug, customer, words):
    customer_id = getattr(kestrel, customer) if customer else None
    with pytest.raises(RefusedError, match=words):
        invite(ada, slug, customer_id=customer_id)


def test_a_customers_owner_invites_for_their_customer_only(olga, kestrel):
    assert invite(olga, "viewer", customer_id=kestrel.harbor)[0].customer_id == kestrel.harbor
    with pytest.raises(RefusedError, match="your own company only"):
        invite(olga, "viewer", email="other@kestrel.test", customer_id=kestrel.maris)


def test_a_customers_owner_gives_no_role_of_staff(olga, kestrel):
    with pytest.raises(RefusedError, match="Operator is not a role you can give"):
        invite(olga, "operator", customer_id=kestrel.harbor)


def test_a_customers_person_without_all_rights_gives_only_theirs(kestrel):
    viewer = person("viewer", customer_id=kestrel.harbor)
    with pytest.raises(
        RefusedError, match="Customer owner may do more than you: Invite colleagues"
    ):
        invite(viewer, "owner", customer_id=kestrel.harbor)
