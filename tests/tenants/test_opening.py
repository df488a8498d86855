import pytest
from django.db import connection

from tests.tenants.conftest import until

pytestmark = [pytest.mark.db, pytest.mark.long]


def test_a_partner_starts_with_its_roles_and_no_customers(kestrel):
    from portal.accounts.models import Role

    assert connection.schema_name == "kestrel"
    assert set(Role.objects.values_list("slug", flat=True)) == {
        "admin", "engineer", "operator", "finance", "owner", "viewer",
    }  # fmt: skip


def test_the_application_does_not_own_its_tables(kestrel):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, tableowner FROM pg_tables WHERE tablename = 'integrations_record' AND schemaname = 'kestrel'"
        )
        user, owner = cursor.fetchone()
    assert user == "crossdock_app"
    assert owner == "crossdock_owner"


def test_no_helpers_are_started_for_small_questions(kestrel):
    with connection.cursor() as cursor:
        cursor.execute("SHOW parallel_setup_cost")
        assert cursor.fetchone() == ("10000",)


OPENED = [
    ("domain", "heron.localhost"),
    ("lane", "alert_watch"),
    ("lane", "alerts"),
    ("lane", "books"),
    ("lane", "certificates"),
    ("lane", "desk"),
    ("lane", "expect"),
    ("lane", "expect_learn"),
    ("lane", "fleet"),
    ("lane", "legs"),
    ("lane", "measure"),
    ("lane", "meter"),
    ("lane", "meter_days"),
    ("lane", "money"),
    ("lane", "notices"),
    ("lane", "recon_clock"),
    ("lane", "retention"),
    ("lane", "statements"),
    ("lane", "sweep"),
    ("lane", "traffic"),
    ("lane", "webhooks"),
    ("partner", "heron"),
    ("schema", "heron"),
]
DISK_FULL = """
    CREATE FUNCTION full_at_last() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_event_trigger_ddl_commands()
                   WHERE object_identity = 'heron.monitoring_caseevent') THEN
            RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full';
        END IF;
    END $$;
    CREATE EVENT TRIGGER disk ON ddl_command_end WHEN TAG IN ('CREATE TABLE')
        EXECUTE FUNCTION full_at_last()
"""


def test_an_opening_that_is_killed_at_its_last_step_leaves_nothing_and_can_be_repeated(premises):
    with premises.owner.transaction():
        premises.owner.execute("LOCK TABLE jobs_wake IN SHARE MODE")  # written last
        opening = premises.start("open_partner", "heron", "--name", "Heron")
        until(lambda: premises.waiting() == 1)
        opening.kill()
        opening.communicate()
    until(lambda: premises.sessions() == 0)
    assert premises.traces("heron") == []

    code, lines, complaint = premises.manage("open_partner", "heron", "--name", "Heron")
    assert (code, lines) == (0, ["Heron is open at heron.localhost"]), complaint
    assert sorted(premises.traces("heron")) == OPENED


def test_an_opening_for_which_the_disk_is_too_full_leaves_nothing_and_can_be_repeated(premises):
    premises.owner.execute(DISK_FULL)
    code, lines, complaint = premises.manage("open_partner", "heron", "--name", "Heron")
    assert (code, lines) == (1, [])
    assert "No space left on device" in complaint
    assert premises.traces("heron") == []

    premises.owner.execute("DROP EVENT TRIGGER disk")
    code, lines, complaint = premises.manage("open_partner", "heron", "--name", "Heron")
    assert (code, lines) == (0, ["Heron is open at heron.localhost"]), complaint
    assert sorted(premises.traces("heron")) == OPENED


def test_a_taken_slug_is_refused_and_the_partner_that_has_it_stays(premises):
    before = premises.traces("kestrel")
    code, lines, complaint = premises.manage("open_partner", "kestrel", "--name", "Other")
    assert (code, lines) == (1, [])
    assert complaint == "CommandError: Partner kestrel exists already.\n"
    assert premises.traces("kestrel") == before


def test_the_platforms_own_name_is_refused(premises):
    code, lines, complaint = premises.manage("open_partner", "public", "--name", "Other")
    assert (code, lines) == (1, [])
    assert complaint == (
        "CommandError: The name public is kept for the platform. Choose another one.\n"
    )
