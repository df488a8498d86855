"""Each entry is marked as it is written, chained after it, and whatever is done to either is found."""

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django_tenants.utils import schema_context

from portal.accounts.models import Limit, Person, Role
from portal.audit.domain import chaining, checking
from portal.audit.models import Mark
from portal.core.sealing import Head
from portal.customers.models import Customer
from tests.audit.conftest import owner

pytestmark = pytest.mark.db


def newest() -> LogEntry:
    return LogEntry.objects.order_by("-pk").first()


def broken() -> str:
    return checking.check().broken


def test_an_entry_says_who_as_whom_why_and_whose_it_is(trail):
    pier = Customer.objects.get(slug="pier")
    mark = Mark.objects.get(entry_id=newest().pk)
    assert (mark.by, mark.as_whom, mark.why) == ("Ana Ruiz", "Hanna Berg", "the order of Tuesday")
    assert mark.customer == pier.pk


def test_the_customer_is_found_by_the_row_that_it_belongs_to(kestrel):
    person = Person.objects.create_person(
        email="o@kestrel.test", name="O", role=Role.objects.get(slug="operator"), password=None
    )
    Limit.objects.create(person=person, customer_id=kestrel.maris, made_by="A")
    assert Mark.objects.get(entry_id=newest().pk).customer == kestrel.maris
    person.name = "Ola"
    person.save()
    assert Mark.objects.get(entry_id=newest().pk).customer is None


def test_a_whole_trail_is_whole_and_says_where_it_ends(trail):
    found = checking.check()
    assert found.broken == ""
    assert found.entries == LogEntry.objects.count() == Mark.objects.count()
    assert found.head.number == found.entries
    assert checking.check(expected=found.head).broken == ""


def test_marks_are_chained_in_the_order_they_were_made(trail):
    assert Mark.objects.exclude(number=None).count() == 0  # the tests' transaction is not through
    made = chaining.chain()
    assert made == Mark.objects.count()
    numbers = list(Mark.objects.order_by("pk").values_list("number", flat=True))
    assert numbers == list(range(1, made + 1))
    assert chaining.chain() == 0


def test_a_transaction_chains_what_it_wrote_once_and_after_it(trail):
    waiting = [call for _, call, *_ in connection.run_on_commit if hasattr(call, "schema")]
    assert [call.schema for call in waiting] == ["kestrel"]
    waiting[0]()
    assert not Mark.objects.filter(number=None).exists()


@pytest.mark.parametrize(
    "change",
    [
        'changes = \'{"name": ["a", "b"]}\'',
        "object_repr = 'another'",
        "timestamp = timestamp - interval '1 day'",
        "actor_email = 'somebody@else.test'",
        "actor_id = {person}",
        "remote_addr = '10.1.1.1'",
        "action = 2",
    ],
)
def test_a_changed_entry_is_named(trail, change):
    person = Person.objects.create_person(
        email="x@kestrel.test", name="X", role=Role.objects.get(slug="operator"), password=None
    )
    assert broken() == ""
    entry = LogEntry.objects.get(content_type__model="customer", object_repr="Pier Nine")
    number = Mark.objects.get(entry_id=entry.pk).number
    with owner() as cursor:
        cursor.execute(
            f"UPDATE kestrel.auditlog_logentry SET {change.replace('{person}', str(person.pk))} WHERE id = %s",
            [entry.pk],
        )
    found = checking.check()
    assert found.broken == f"Row {number}: entry {entry.pk} was changed after it was written."
    assert (found.entry_id, found.entries) == (entry.pk, number - 1)


@pytest.mark.parametrize("column", ["by", "as_whom", "why"])
def test_changed_words_beside_an_entry_are_named(trail, column):
    assert broken() == ""
    entry = newest()
    with owner() as cursor:
        cursor.execute(
            f"UPDATE kestrel.audit_mark SET \"{column}\" = 'another' WHERE entry_id = %s",
            [entry.pk],
        )
    assert f"entry {entry.pk} was changed" in broken()


def test_a_deleted_entry_is_named(trail):
    assert broken() == ""
    entry = LogEntry.objects.order_by("pk")[1]
    with owner() as cursor:
        cursor.execute("DELETE FROM kestrel.auditlog_logentry WHERE id = %s", [entry.pk])
    assert broken() == f"Row 2: entry {entry.pk} was deleted."


def test_an_entry_deleted_with_its_mark_leaves_a_gap(trail):
    assert broken() == ""
    entry = LogEntry.objects.order_by("pk")[1]
    with owner() as cursor:
        cursor.execute("DELETE FROM kestrel.auditlog_logentry WHERE id = %s", [entry.pk])
        cursor.execute("DELETE FROM kestrel.audit_mark WHERE entry_id = %s", [entry.pk])
    assert broken().startswith("Row 2 is missing: row 3 comes next.")


def test_that_the_newest_was_taken_away_is_seen_with_the_head_that_was_noted(trail):
    head = checking.check().head
    entry = newest()
    with owner() as cursor:
        cursor.execute("DELETE FROM kestrel.auditlog_logentry WHERE id = %s", [entry.pk])
        cursor.execute("DELETE FROM kestrel.audit_mark WHERE entry_id = %s", [entry.pk])
    assert broken() == ""
    assert checking.check(expected=head).broken.startswith(f"Row {head.number} is missing")


def test_an_inserted_entry_is_named(trail):
    assert broken() == ""
    with owner() as cursor:
        cursor.execute(
            "INSERT INTO kestrel.auditlog_logentry (content_type_id, object_pk, object_repr, action, timestamp,"
            " changes_text) SELECT content_type_id, '1', 'forged', 1, now(), '' FROM"
            " kestrel.auditlog_logentry LIMIT 1 RETURNING id"
        )
        forged = cursor.fetchone()[0]
    found = checking.check()
    assert found.broken == f"Entry {forged} was inserted past the application: it has no seal."
    assert found.entry_id == forged


def test_an_entry_inserted_with_a_made_up_mark_is_named(trail):
    assert broken() == ""
    with owner() as cursor:
        cursor.execute(
            "INSERT INTO kestrel.auditlog_logentry (content_type_id, object_pk, object_repr, action, timestamp,"
            " changes_text) SELECT content_type_id, '1', 'forged', 1, now(), '' FROM"
            " kestrel.auditlog_logentry LIMIT 1 RETURNING id"
        )
        forged = cursor.fetchone()[0]
        cursor.execute(
            'INSERT INTO kestrel.audit_mark (entry_id, "by", as_whom, why, mac, previous, digest)'
            " VALUES (%s, 'Ana', '', '', repeat('0', 64), '', '')",
            [forged],
        )
    assert f"entry {forged} was changed after it was written" in broken()


def test_reordered_rows_are_named(trail):
    assert broken() == ""
    with owner() as cursor:
        cursor.execute("UPDATE kestrel.audit_mark SET number = -1 WHERE number = 1")
        cursor.execute("UPDATE kestrel.audit_mark SET number = 1 WHERE number = 2")
        cursor.execute("UPDATE kestrel.audit_mark SET number = 2 WHERE number = -1")
    assert broken().startswith("Row 1 does not follow row 0 as it stands.")


def test_two_entries_that_change_places_are_named(trail):
    assert broken() == ""
    one, two = LogEntry.objects.order_by("pk")[:2]
    with owner() as cursor:
        cursor.execute(
            "UPDATE kestrel.audit_mark SET entry_id = CASE entry_id WHEN %s THEN -1 ELSE entry_id END",
            [one.pk],
        )
        cursor.execute(
            "UPDATE kestrel.audit_mark SET entry_id = %s WHERE entry_id = %s", [one.pk, two.pk]
        )
        cursor.execute("UPDATE kestrel.audit_mark SET entry_id = %s WHERE entry_id = -1", [two.pk])
    assert broken().startswith("Row 1 was changed after it was sealed.")


@pytest.mark.parametrize("table", ["auditlog_logentry", "audit_mark"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_the_application_itself_may_not_touch_what_is_written(trail, table, verb):
    chaining.chain()
    change = "object_repr = 'x'" if table == "auditlog_logentry" else "why = 'x'"
    with (
        pytest.raises(DatabaseError, match="added to, never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(table, change))


def test_a_mark_gets_its_place_once_and_nothing_else_with_it(trail):
    for change in ("why = 'x', number = 1", "mac = ''"):
        with (
            pytest.raises(DatabaseError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE audit_mark SET {change}")
    chaining.chain()
    with pytest.raises(DatabaseError), transaction.atomic():
        Mark.objects.update(digest="0" * 64)


def test_a_person_who_is_deleted_leaves_their_entries_whole(trail):
    person = Person.objects.create_person(
        email="x@kestrel.test", name="X", role=Role.objects.get(slug="operator"), password=None
    )
    LogEntry.objects.create(
        content_type=newest().content_type, object_pk="1", object_repr="y", action=1, actor=person,
        actor_email=person.email,
    )  # fmt: skip
    assert broken() == ""
    person.delete()
    assert broken() == ""
    assert Mark.objects.filter(by="x@kestrel.test").exists()


def test_the_command_says_what_the_page_says(trail, capsys):
    call_command("audit_check", "--partner", "kestrel")
    told = capsys.readouterr().out
    assert "entries are as they were written. Head: " in told
    head = told.rpartition("Head: ")[2].strip()
    call_command("audit_check", "--partner", "kestrel", "--expect", head)
    entry = newest()
    with owner() as cursor:
        cursor.execute("DELETE FROM kestrel.auditlog_logentry WHERE id = %s", [entry.pk])
    with pytest.raises(CommandError, match=f"entry {entry.pk} was deleted. The .* rows before it"):
        call_command("audit_check", "--partner", "kestrel")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--partner", "nobody"], "There is no partner nobody"),
        (["--partner", "kestrel", "--expect", "12"], "--expect wants a row and its digest"),
    ],
)
def test_what_the_command_cannot_read_it_says(kestrel, given, said):
    with pytest.raises(CommandError, match=said):
        call_command("audit_check", *given)


def test_each_partner_has_a_chain_of_its_own(trail, aurora):
    with schema_context("aurora"):
        found = checking.check()
        assert found.broken == ""
        assert found.entries == LogEntry.objects.count()
    with schema_context("kestrel"):
        assert checking.check(expected=Head(found.head.number, "0" * 64)).broken != ""
