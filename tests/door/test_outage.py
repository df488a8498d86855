"""The door while its database is away, and when what it knows of its endpoints changes."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from integrations.models import Message, MessageEvent, Payload
from portal import env
from portal.core.secrets import encrypt
from portal.jobs.models import Wake
from tests import pipeline
from tests.door.conftest import until
from tests.door.driver import NAME, Answer, RunningDoor, signed
from tests.scenarios import committed

pytestmark = [pytest.mark.db, pytest.mark.long]

SHOP = "/in/kestrel/shop"
BODY = b'{"number": "1001"}'
NOT_STORED = {"detail": "Not stored. Send it again in a moment."}


def end_sessions() -> int:
    """End the door's database sessions; how many there were."""
    with committed.owner() as connection:
        return len(
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
                [NAME],
            ).fetchall()
        )


@contextmanager
def closed_database() -> Iterator[None]:
    """Nobody gets a new connection to the test database."""
    name = sql.Identifier(os.environ["CROSSDOCK_DATABASE_NAME"])
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(env.database_url(), autocommit=True) as server:
        server.execute(allow.format(name, sql.Literal(False)))
        try:
            yield
        finally:
            server.execute(allow.format(name, sql.Literal(True)))


def assert_nothing_stored() -> None:
    assert (Message.objects.count(), MessageEvent.objects.count(), Payload.objects.count()) == (
        0, 0, 0,
    )  # fmt: skip


def test_without_a_database_the_sender_is_asked_to_come_again(shop):
    door = RunningDoor(host="/nowhere/at/all", port="1")
    try:
        [answer] = door.send(signed(SHOP, BODY))
    finally:
        door.stop()
    assert (answer.status, answer.headers["retry-after"], answer.body) == (503, "5", NOT_STORED)
    assert_nothing_stored()


def test_ended_database_sessions_are_replaced_without_the_sender_noticing(door, shop):
    assert door.send(signed(SHOP, BODY))[0].status == 200
    assert end_sessions() >= 2
    answers = door.send(*[signed(SHOP, BODY, event=str(n)) for n in range(20)])
    assert {a.status for a in answers} == {200}
    assert Message.objects.count() == 21


def test_an_outage_is_answered_503_and_the_door_recovers_by_itself(door, shop):
    assert door.send(signed(SHOP, BODY, event="before"))[0].status == 200
    with closed_database():
        with psycopg.connect(env.database_url(), autocommit=True) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
                [NAME],
            )
        answers = door.send(*[signed(SHOP, BODY, event=f"during-{n}") for n in range(10)])
        assert [(a.status, a.headers["retry-after"]) for a in answers] == [(503, "5")] * 10
        time.sleep(8)  # long enough for the pool to have given up and tried again
    assert _events() == {"before"}
    began = time.monotonic()
    until(lambda: door.send(signed(SHOP, BODY, event="after"))[0].status == 200, seconds=20)
    assert time.monotonic() - began < 8
    assert _events() == {"before", "after"}


def _events() -> set[str]:
    keys = Message.objects.values_list("dedup_key", flat=True)
    return {key.partition(":")[0] for key in keys}


def test_a_group_is_stored_as_a_whole_or_not_at_all(door, shop):
    with committed.owner() as connection:
        connection.execute("ALTER TABLE kestrel.integrations_messageevent RENAME TO away")
        try:
            answers = door.send(*[signed(SHOP, BODY, event=str(n)) for n in range(5)])
        finally:
            connection.execute("ALTER TABLE kestrel.away RENAME TO integrations_messageevent")
    assert [a.status for a in answers] == [503] * 5
    assert_nothing_stored()
    assert door.send(signed(SHOP, BODY, event="0"))[0].status == 200


def test_a_lost_wake_up_does_not_unsay_that_a_document_is_stored(door, shop):
    with committed.owner() as connection:
        connection.execute("ALTER TABLE public.jobs_wake RENAME TO away")
        try:
            [answer] = door.send(signed(SHOP, BODY))
            time.sleep(0.2)
        finally:
            connection.execute("ALTER TABLE public.away RENAME TO jobs_wake")
    assert answer.status == 200
    assert (Message.objects.count(), Wake.objects.filter(kind="translate").count()) == (1, 0)


def answers_with(door: RunningDoor, secret: str) -> Answer:
    return door.send(signed(SHOP, BODY, secret=secret))[0]


def test_a_changed_secret_is_honoured_within_a_second(door, shop):
    assert answers_with(door, pipeline.SECRET).status == 200
    assert answers_with(door, "a new secret").status == 401
    shop.secrets = encrypt({"webhook_secret": "a new secret"})
    shop.save()
    until(lambda: answers_with(door, "a new secret").status == 200, seconds=1)
    assert answers_with(door, pipeline.SECRET).status == 401


def test_a_new_endpoint_takes_documents_within_a_second(door, site):
    assert door.send(signed(SHOP, BODY))[0].status == 404
    pipeline.endpoint(site.harbor, "shop", settings={})
    until(lambda: door.send(signed(SHOP, BODY))[0].status == 200, seconds=1)


def test_an_endpoint_that_is_gone_takes_no_more_documents_within_a_second(door, shop):
    assert door.send(signed(SHOP, BODY))[0].status == 200
    shop.delete()
    until(lambda: door.send(signed(SHOP, BODY))[0].status == 404, seconds=1)


def test_a_change_while_the_door_did_not_listen_is_seen_when_it_listens_again(door, shop):
    assert answers_with(door, pipeline.SECRET).status == 200
    end_sessions()
    shop.secrets = encrypt({"webhook_secret": "a new secret"})
    shop.save()  # nobody hears it
    until(lambda: answers_with(door, "a new secret").status == 200, seconds=4)


def test_the_old_secret_is_taken_while_it_is_being_changed(door, shop):
    both = {"webhook_secret": "a new secret", "webhook_secret_old": pipeline.SECRET}
    shop.secrets = encrypt(both)
    shop.save()
    assert answers_with(door, pipeline.SECRET).status == 200
    assert answers_with(door, "a new secret").status == 200
    assert answers_with(door, "").status == 401
