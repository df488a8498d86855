import pytest
from django.db import connection

pytestmark = pytest.mark.db


def test_a_partner_starts_with_its_roles_and_no_customers(kestrel):
    from portal.accounts.models import Role

    assert connection.schema_name == "kestrel"
    assert set(Role.objects.values_list("slug", flat=True)) == {
        "admin", "engineer", "operator", "finance", "viewer",
    }  # fmt: skip


def test_the_application_does_not_own_its_tables(kestrel):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, tableowner FROM pg_tables WHERE tablename = 'integrations_record' AND schemaname = 'kestrel'"
        )
        user, owner = cursor.fetchone()
    assert user == "crossdock_app"
    assert owner == "crossdock_owner"
