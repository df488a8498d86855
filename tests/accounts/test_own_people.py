"""What a customer's person reads and does about the people of the same customer, under the row limit."""

import pytest
from django.db import connection

from portal.accounts.domain import inviting, own_people
from portal.accounts.domain.own_people import NotTheirsError
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Person
from portal.accounts.queries import colleagues
from portal.env import CUSTOMER_ROLE
from portal.tenants.rows import limited_to_customer
from tests.accounts.conftest import person, role

pytestmark = pytest.mark.db


@pytest.fixture
def theirs(kestrel):
    """Somebody of the customer Maris."""
    return person("viewer", name="Maris Mo", customer_id=kestrel.maris)


@pytest.fixture
def jo(kestrel):
    return person("viewer", name="Jo", customer_id=kestrel.harbor)


def test_a_customer_reads_its_own_people_and_nobody_elses(olga, jo, theirs, ada, kestrel):
    with limited_to_customer(kestrel.harbor):
        assert [one.name for one in colleagues.colleagues()] == ["Jo", "Olga"]
    with limited_to_customer(kestrel.maris):
        assert [one.name for one in colleagues.colleagues()] == ["Maris Mo"]
    with limited_to_customer(0):
        assert colleagues.colleagues() == []


def test_a_customer_reads_its_own_open_invitations(olga, ada, kestrel):
    for name, customer in (("Bea", kestrel.harbor), ("Lars", kestrel.maris)):
        inviting.invite(
            ada, email=f"{name}@x.test", name=name, role=role("viewer"), customer_id=customer
        )
    inviting.invite(ada, email="m@x.test", name="Mira", role=role("operator"))
    with limited_to_customer(kestrel.harbor):
        assert [one.name for one in colleagues.awaited()] == ["Bea"]
    with limited_to_customer(0):
        assert colleagues.awaited() == []


def test_what_is_told_of_a_colleague_is_these_columns(olga, kestrel):
    with limited_to_customer(kestrel.harbor), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM own_colleagues()")
        assert [column.name for column in cursor.description] == [
            "customer_id", "id", "name", "email", "role", "is_active", "last_login",
        ]  # fmt: skip
        cursor.execute("SELECT * FROM own_invitations()")
        assert [column.name for column in cursor.description] == [
            "customer_id", "id", "name", "email", "role", "invited_by", "expires_at",
        ]  # fmt: skip


@pytest.mark.parametrize("verb", [own_people.deactivate, own_people.reactivate])
def test_another_customers_person_and_staff_are_not_theirs(olga, theirs, ada, kestrel, verb):
    with limited_to_customer(kestrel.harbor):
        for someone in (theirs, ada):
            with pytest.raises(NotTheirsError):
                verb(olga, someone.pk)
    assert Person.objects.filter(is_active=True).count() == 3


@pytest.mark.parametrize("verb", [own_people.resend, own_people.withdraw])
def test_another_customers_invitation_is_not_theirs(olga, ada, kestrel, verb):
    other, _ = inviting.invite(
        ada, email="l@x.test", name="Lars", role=role("viewer"), customer_id=kestrel.maris
    )
    with limited_to_customer(kestrel.harbor), pytest.raises(NotTheirsError):
        verb(olga, other.pk)
    other.refresh_from_db()
    assert other.withdrawn_at is None


def test_a_colleague_is_let_go_and_let_in_again_and_the_limit_holds_after_it(olga, jo, kestrel):
    with limited_to_customer(kestrel.harbor):
        own_people.deactivate(olga, jo.pk)
        own_people.reactivate(olga, jo.pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_setting('crossdock.customer')")
            assert cursor.fetchone() == (CUSTOMER_ROLE, f"kestrel/{kestrel.harbor}")


def test_nobody_of_a_customer_ends_their_own_access(olga, kestrel):
    with limited_to_customer(kestrel.harbor):
        with pytest.raises(RefusedError, match="Nobody ends their own access"):
            own_people.deactivate(olga, olga.pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == (CUSTOMER_ROLE,)


def test_only_roles_of_customers_within_their_own_rights_are_theirs_to_give(olga, kestrel):
    with limited_to_customer(kestrel.harbor):
        assert [one.slug for one in own_people.roles(olga)] == ["owner", "viewer"]
        with pytest.raises(RefusedError, match="not a role you can give"):
            own_people.invite(olga, email="b@x.test", name="Bea", role_id=role_id("admin"))


def role_id(slug):
    from portal.tenants.rows import beyond_limit

    with beyond_limit():
        return role(slug).pk


def test_of_an_address_known_elsewhere_nothing_is_told(olga, jo, theirs, kestrel):
    with limited_to_customer(kestrel.harbor):
        viewer = role_id("viewer")
        with pytest.raises(RefusedError, match="^This address cannot be invited. Ask us to help"):
            own_people.invite(olga, email=theirs.email, name="Mo", role_id=viewer)
        with pytest.raises(RefusedError, match="jo@kestrel.test can sign in here already"):
            own_people.invite(olga, email="Jo@kestrel.test", name="Jo", role_id=viewer)
