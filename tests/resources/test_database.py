"""What the database is asked, and what it never is, on both databases."""

from typing import Any

import pytest

from integrations.resources import asking, definition, fitting
from integrations.resources.asking import AskingError, Clock
from integrations.resources.relations import (
    Condition,
    Order,
    Reading,
    RowRefusedError,
    Writing,
)
from integrations.transports.sql import Database
from integrations.transports.sql_errors import SqlRefusal
from portal.core.errors import NeedsCredentials, Retryable
from tests.resources.database import BY_CALL, PARTS, client_of

PART = definition.read(PARTS)


def rows(client: Any, **asked: Any) -> list[dict[str, Any]]:
    """Each page of one row, one after the other: what no page may lose or say twice."""
    clock, after, found = Clock(client.zone), None, []
    sort, filters = asked.pop("sort", ""), {k.replace("__", "."): v for k, v in asked.items()}
    while True:
        reading = asking.listing(PART, filters, clock, sort=sort, after=after, limit=1)
        page = client.read_rows(reading)
        if not page:
            return [asking.shown(PART, one, client.zone) for one in found]
        found += page
        after = [asking.values.mark(page[-1][one.column]) for one in reading.order]
        assert len(found) < 50


def numbers(client: Any, **asked: Any) -> list[str]:
    return [one["number"] for one in rows(client, **asked)]


def test_it_tells_tables_views_and_their_columns(client):
    there = {one.name: one.is_view for one in client.relations()}
    assert there == {"legacy_part": False, "legacy_line": False, "v_part": True}
    part = client.relation("legacy_part")
    assert part.key == ("part_no",)
    assert {one.name: one.kind for one in part.columns} == {
        "part_no": "string", "Description": "string", "price": "decimal", "on_hand": "integer",
        "active": "integer", "gone": "string", "changed_at": "datetime", "picture": "unfit",
        "secret_cost": "decimal",
    }  # fmt: skip
    assert client.relation("legacy_line").key == ("order_no", "line_no")
    assert client.relation("no_such") is None
    assert client.relation("v_part").column("Description").kind == "string"


def test_a_row_is_told_with_exact_numbers_times_in_utc_and_no_other_column(client):
    [one] = rows(client, number="A-1")
    assert one == {
        "number": "A-1", "name": "Tent", "price": one["price"], "on_hand": 12,
        "changed_at": "2026-03-02T10:00:00Z",
    }  # fmt: skip
    assert float(one["price"]) == 61.5
    assert isinstance(one["price"], str)


def test_pages_of_one_lose_nothing_whatever_they_are_sorted_by(client):
    everything = ["A-1", "A-2", "A/3,~", "B-1"]  # B-2 is marked as deleted
    assert sorted(numbers(client)) == sorted(everything)
    assert numbers(client, sort="price") == ["B-1", "A-1", "A-2", "A/3,~"]  # nothing comes last
    assert numbers(client, sort="-price") == ["A-2", "A-1", "B-1", "A/3,~"]
    assert numbers(client, sort="-name")[-1] == "B-1"
    assert numbers(client, sort="-on_hand") == ["A-1", "B-1", "A-2", "A/3,~"]


def test_filters_compare_as_the_column_does(client):
    assert numbers(client, on_hand__from="7", sort="on_hand") == ["B-1", "A-1"]
    assert numbers(client, price__to="61.5", sort="price") == ["B-1", "A-1"]
    assert numbers(client, name__prefix="Tent") == ["A-1", "A-2"]
    assert numbers(client, name__prefix="100%_w") == ["A/3,~"]
    assert numbers(client, name__prefix="%") == []
    found = numbers(client, changed_at__from="2026-03-02T13:00:00+02:00", sort="number")
    assert sorted(found) == ["A/3,~", "B-1"]


HOSTILE = [
    "' OR 1=1 --", "'; DROP TABLE legacy_part; --", '"', "%", "\\", "A-1' UNION SELECT 1 --", "${jndi}",
]  # fmt: skip


def test_a_value_is_a_value_and_never_text_of_a_statement(client):
    for text in HOSTILE:
        assert numbers(client, number=text) == []
        assert numbers(client, number__prefix=text) == []
        assert (
            client.read_rows(asking.one(PART, asking.values.address([text]), Clock(client.zone)))
            == []
        )
    assert len(numbers(client)) == 4


def test_what_was_not_published_cannot_be_asked_for():
    for name in (
        "secret_cost",
        "part_no",
        "gone",
        "number; DROP TABLE x",
        "1=1",
        "number.like",
        "sort.from",
    ):
        with pytest.raises(AskingError):
            asking.listing(PART, {name: "1"}, Clock(asking.ZoneInfo("UTC")), limit=1)
        with pytest.raises(AskingError):
            asking.order(PART, name)


def test_a_name_with_quotes_in_it_stays_a_name(client):
    hostile = 'legacy_part" WHERE 1=1; DROP TABLE legacy_line; --'
    with pytest.raises(RowRefusedError):
        client.read_rows(Reading(hostile, ["part_no"], order=[Order("part_no")]))
    with pytest.raises(RowRefusedError):
        column = 'part_no" FROM legacy_part; --'
        client.read_rows(Reading("legacy_part", [column], order=[Order(column)]))
    assert len(client.relations()) == 3


def test_a_key_with_commas_and_slashes_finds_its_row(client):
    row = client.read_rows(asking.listing(PART, {"number": "A/3,~"}, Clock(client.zone), limit=1))[
        0
    ]
    key = asking.key_of(PART, row)
    assert key == "A~13~2~0"
    assert client.read_rows(asking.one(PART, key, Clock(client.zone)))[0]["part_no"] == "A/3,~"
    assert asking.one(PART, "A,B", Clock(client.zone)) is None


def test_a_row_marked_as_deleted_is_not_there(client):
    assert client.read_rows(asking.one(PART, "B-2", Clock(client.zone))) == []


def test_reading_cannot_write_and_ends_in_time(legacy):
    database = Database(legacy.url)
    with pytest.raises((SqlRefusal, NeedsCredentials)), database.reading(seconds=5) as transaction:
        transaction.run("DELETE FROM legacy_part", {})
    endless = (
        "SELECT pg_sleep(5)" if legacy.is_postgresql else
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    )  # fmt: skip
    with pytest.raises(Retryable) as late, database.reading(seconds=1) as transaction:
        transaction.run(endless, {})
    assert late.value.code == "timeout"
    with database.transaction() as transaction:  # the connection is as it was
        transaction.run("DELETE FROM legacy_part WHERE part_no = 'B-2'", {})
    database.close()
    assert len(legacy.run("SELECT * FROM legacy_part")) == 4


def write(client: Any, **given: Any) -> Any:
    return client.write_row(asking.creating(PART, given, Clock(client.zone)))


def test_a_row_is_made_once(client, legacy):
    first = write(client, number="C-1", name="Mug", price="4.25")
    again = write(client, number="C-1", name="Mug", price="4.25")
    assert (first.is_new, again.is_new) == (True, False)
    there = asking.shown(PART, again.row, client.zone)
    assert asking.says_the_same(PART, {"number": "C-1", "name": "Mug", "price": "4.250"}, there)
    assert not asking.says_the_same(PART, {"number": "C-1", "name": "Cup"}, there)
    assert len(legacy.run("SELECT * FROM legacy_part WHERE part_no = 'C-1'")) == 1


def test_text_that_looks_like_sql_is_stored_as_it_is(client, legacy):
    name = "Robert'); DROP TABLE legacy_part; --"
    write(client, number="C-2", name=name)
    [row] = legacy.run("SELECT * FROM legacy_part WHERE part_no = 'C-2'")
    assert row["Description"] == name


def test_what_the_database_refuses_is_told_in_its_words_and_nothing_is_kept(client, legacy):
    look_up = Reading("legacy_part", ["part_no"], [Condition("part_no", "=", "C-3")])
    with pytest.raises(RowRefusedError) as refused:
        client.write_row(Writing("legacy_part", {"part_no": "C-3", "on_hand": None}, look_up))
    assert "on_hand" in str(refused.value)
    assert legacy.run("SELECT * FROM legacy_part WHERE part_no = 'C-3'") == []


def test_a_procedure_makes_the_row(on_postgresql):
    by_call = definition.read(BY_CALL)
    with client_of(on_postgresql.url) as client:
        clock = Clock(client.zone)
        [known] = client.procedures()
        assert [(one.name, one.kind, one.has_default) for one in known.takes] == [
            ("p_no", "string", False), ("p_name", "string", False), ("p_price", "decimal", True),
        ]  # fmt: skip
        assert fitting.faults(by_call, client.relation("legacy_part"), known) == []
        given = {"number": "P-1", "name": "Mug'); --"}
        made = client.write_row(asking.creating(by_call, given, clock))
        again = client.write_row(asking.creating(by_call, given, clock))
        assert (made.is_new, again.is_new) == (True, False)
        assert str(made.row["price"]) == "1.5000"  # the procedure's own default
        for name, words in (("forbidden", "E103"), ("void", "no such row")):
            with pytest.raises(RowRefusedError) as refused:
                client.write_row(asking.creating(by_call, {"number": "P-2", "name": name}, clock))
            assert words in str(refused.value)
    assert len(on_postgresql.run("SELECT * FROM legacy_part WHERE part_no LIKE 'P-%'")) == 1
