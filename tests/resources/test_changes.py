"""Following a table: every change once, from the moment it was published, whatever is killed when."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django_tenants.utils import schema_context
from standardwebhooks.webhooks import Webhook as Receiver

from integrations.domain import clients, resource_changes, resource_telling, resources
from integrations.models import Endpoint, Resource
from integrations.resources import changes, definition
from integrations.resources.changes import Position
from portal.core import events
from portal.webhooks.catalogue import EVENTS
from tests.resources import house
from tests.resources.database import PARTS, put
from tests.webhooks.scenery import hook, lower, send

FOLLOWED = definition.read({**PARTS, "page_size": 2})


class Table:
    """Rows as the database would give them, in memory."""

    def __init__(self, *rows: tuple[str, str, int]) -> None:
        self.rows = {key: (at, n) for key, at, n in rows}

    def page(self, position: Position | None) -> list[dict[str, Any]]:
        found = sorted((at, key, n) for key, (at, n) in self.rows.items())
        if position is None:
            found = found[-1:]
        else:
            asked = changes.reading(FOLLOWED, position)
            after = tuple(asked.after) if asked.after else ()
            found = [one for one in found if one[:2] > after]
            for one in asked.conditions:
                found = [row for row in found if row[0] >= one.value]
            found = found[: asked.limit]
        return [
            {
                "part_no": key,
                "Description": "",
                "price": "1",
                "on_hand": n,
                "changed_at": at,
                "deleted": 0,
            }
            for at, key, n in found
        ]

    def follow(self, position: Position) -> tuple[list[str], Position]:
        """A whole pass; at each page the position goes through its stored form."""
        told: list[str] = []
        while True:
            kept = json.loads(json.dumps(position.kept()))
            step = changes.step(FOLLOWED, Position.of(kept), self.page(Position.of(kept)))
            told += [str(one["part_no"]) for one in step.told]
            position = step.position
            if not position.within:
                return told, position


def begun(table: Table) -> Position:
    position = changes.begin(FOLLOWED, table.page(None))
    told, position = table.follow(position)
    assert told == []
    return position


T = "2026-03-02 10:00:0"


@pytest.mark.pure
def test_what_was_there_before_is_not_told_and_what_changes_is_told_once():
    table = Table(("a", f"{T}0", 1), ("b", f"{T}0", 1), ("c", f"{T}1", 1))
    position = begun(table)
    assert table.follow(position)[0] == []
    table.rows["a"] = (f"{T}2", 2)
    table.rows["d"] = (f"{T}2", 1)
    told, position = table.follow(position)
    assert told == ["a", "d"]
    assert table.follow(position)[0] == []


@pytest.mark.pure
def test_a_row_that_was_committed_late_is_told_though_others_came_before_it():
    table = Table(("a", f"{T}0", 1))
    position = begun(table)
    table.rows["z"] = (f"{T}9", 1)
    told, position = table.follow(position)
    table.rows["late"] = (f"{T}5", 1)
    told, position = table.follow(position)
    assert told == ["late"]
    assert table.follow(position)[0] == []


@pytest.mark.pure
def test_many_changes_at_one_instant_are_all_told_once_page_by_page():
    table = Table(("a", f"{T}0", 1))
    position = begun(table)
    for n in range(7):
        table.rows[f"n{n}"] = (f"{T}3", n)
    told, position = table.follow(position)
    assert told == [f"n{n}" for n in range(7)]
    for _ in range(3):
        told, position = table.follow(position)
        assert told == []


@pytest.mark.pure
def test_more_than_can_be_remembered_are_told_once_all_the_same(monkeypatch):
    monkeypatch.setattr(changes, "MOST_SEEN", 3)
    table = Table(("a", f"{T}0", 1))
    position = begun(table)
    for n in range(7):
        table.rows[f"n{n}"] = (f"{T}3", n)
    told, position = table.follow(position)
    assert told == [f"n{n}" for n in range(7)]
    for _ in range(3):
        told, position = table.follow(position)
        assert told == []
    table.rows["x"] = (f"{T}4", 1)
    assert table.follow(position)[0] == ["x"]


@pytest.mark.pure
def test_an_empty_table_tells_its_first_row():
    table = Table()
    position = changes.begin(FOLLOWED, [])
    table.rows["a"] = (f"{T}0", 1)
    told, position = table.follow(position)
    assert told == ["a"]
    assert table.follow(position)[0] == []


@pytest.mark.pure
def test_row_versions_are_followed_without_looking_back():
    position = changes.Position((7, "a"), top=(7, "a"), seen={}, tells=True)
    asked = changes.reading(FOLLOWED, position)
    assert (asked.after, asked.conditions) == ((7, "a"), ())


@pytest.fixture(autouse=True)
def _new_clients():
    clients.forget()
    yield
    clients.forget()


def follow(one: Resource) -> int:
    Resource.objects.update(due_at=datetime(2020, 1, 1, tzinfo=UTC))
    done = 0
    while True:
        turn = resource_changes.follow(one.pk)
        done += turn.done
        if not Resource.objects.get(pk=one.pk).cursor.get("within"):
            return done
        Resource.objects.update(due_at=datetime(2020, 1, 1, tzinfo=UTC))


@pytest.mark.db
def test_changes_are_told_as_signed_events_with_the_public_fields_alone(kestrel, legacy, server):
    one = house.publish(kestrel, house.endpoint(kestrel, legacy.url))
    with schema_context(kestrel.schema):
        receiver = hook(server, types=["resource.changed"])
        assert [follow(one), follow(one), follow(one)] == [0, 0, 0]
        put(legacy.run, "C-1", "Mug", "4.2500", 5, 1, "N", "2026-03-02 12:31:00")
        legacy.run(
            "UPDATE legacy_part SET on_hand = 11, changed_at = '2026-03-02 12:31:00' WHERE part_no = 'A-1'"
        )
        legacy.run(
            "UPDATE legacy_part SET gone = 'Y', changed_at = '2026-03-02 12:32:00' WHERE part_no = 'A-2'"
        )
        assert [follow(one), follow(one)] == [3, 0]
        send()
        told = [
            Receiver(receiver.secret).verify(body, lower(headers))
            for _, _, headers, body in server.requests
        ]
        told.sort(key=lambda one: one["data"]["key"])  # they may overtake each other
        assert [(e["data"]["key"], e["data"]["is_deleted"]) for e in told] == [
            ("A-1", False), ("A-2", True), ("C-1", False),
        ]  # fmt: skip
        first = told[0]["data"]
        assert set(first) == {field.name for field in EVENTS["resource.changed"].fields}
        assert (first["customer"], first["endpoint"], first["resource"]) == (
            "harbor",
            "erp",
            "parts",
        )
        assert set(first["row"]) == {"number", "name", "price", "on_hand", "changed_at"}
        assert first["row"]["on_hand"] == 11


@pytest.mark.db
def test_where_telling_fails_the_cursor_stays_and_it_is_told_again(kestrel, on_sqlite):
    one = house.publish(kestrel, house.endpoint(kestrel, on_sqlite.url))
    with schema_context(kestrel.schema):
        follow(one)
        follow(one)
        before = Resource.objects.get().cursor
        put(on_sqlite.run, "C-1", "Mug", "4.2500", 5, 1, "N", "2026-03-02 12:31:00")
        heard: list[Any] = []

        def dies(event: Any) -> None:
            raise RuntimeError("killed")

        with events.isolated():
            events.subscribe(resource_telling.ResourceRowsChanged)(dies)
            with pytest.raises(RuntimeError):
                follow(one)
        assert Resource.objects.get().cursor == before
        with events.isolated():
            events.subscribe(resource_telling.ResourceRowsChanged)(heard.append)
            follow(one)
            follow(one)
        assert [[row.key for row in event.rows] for event in heard] == [["C-1"]]


@pytest.mark.db
def test_a_system_that_is_away_is_tried_again_and_the_page_can_say_why(kestrel, on_sqlite):
    one = house.publish(kestrel, house.endpoint(kestrel, on_sqlite.url))
    with schema_context(kestrel.schema):
        Endpoint.objects.update(settings={"url": "postgresql://erp@127.0.0.1:1/x"})
        turn = resource_changes.follow(one.pk)
        found = Resource.objects.get()
        assert (turn.done, found.failures) == (0, 1)
        assert found.last_error
        assert found.due_at and found.due_at == turn.next_due


@pytest.mark.db
def test_what_is_retired_or_has_no_change_column_is_not_followed(kestrel, on_sqlite):
    one = house.publish(
        kestrel, house.endpoint(kestrel, on_sqlite.url), draft={**PARTS, "changes": None}
    )
    with schema_context(kestrel.schema):
        assert Resource.objects.get().due_at is None
        assert resource_changes.follow(one.pk).next_due is None
        resources.retire(one.pk, actor="Ana Ruiz")
        assert resource_changes.due() == []
