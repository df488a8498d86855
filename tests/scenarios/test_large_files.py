"""Files of a warehouse that are left where they are, too large or named unfit: a case each, which
closes by itself."""

from datetime import timedelta

import pytest

from integrations.domain import poll, replay
from integrations.models import Message, PollCursor
from monitoring.models import ExceptionCase
from portal.core import clock
from tests import pipeline
from tests.connectors.x12.server import USER, Server

pytestmark = pytest.mark.db

MEGABYTE = 1024 * 1024


@pytest.fixture
def server():
    made = Server("pw")
    yield made
    made.close()


@pytest.fixture
def depot(kestrel, server):
    made = pipeline.endpoint(
        kestrel.harbor, "northwind", "x12", site="RNO1", label="Northwind",
        secrets={"password": "pw"},
        settings={
            "host": "127.0.0.1", "port": server.port, "user": USER, "host_key": server.host_key_line,
            "site": "RNO1", "own_id": "PORTAL", "partner_id": "NWIND3PL", "usage": "T",
        },
    )  # fmt: skip
    PollCursor.objects.create(
        endpoint=made, stream="files", every_seconds=60, due_at=clock.now() - timedelta(hours=1)
    )
    return made


def look(depot) -> None:
    """The warehouse's folder is looked into, and what was found is worked off."""
    PollCursor.objects.update(due_at=clock.now() - timedelta(seconds=1))
    poll.poll(depot.pk)
    pipeline.run(depot.customer_id)


def cases() -> list[tuple[str, str, str, int]]:
    found = ExceptionCase.objects.order_by("value")
    return [(case.code, case.value, case.state, case.documents) for case in found]


def put_sparse(server: Server, name: str, *, megabytes: int) -> None:
    with (server.root / "out" / name).open("wb") as file:
        file.truncate(megabytes * MEGABYTE)


def test_each_file_that_is_too_large_has_one_case_until_it_is_gone(depot, server):
    put_sparse(server, "a.edi", megabytes=200)
    put_sparse(server, "b.edi", megabytes=30)
    for _ in range(3):
        look(depot)
    assert cases() == [("too_large", "a.edi", "new", 1), ("too_large", "b.edi", "new", 1)]
    assert server.names("out") == ["a.edi", "b.edi"]
    problem = Message.objects.order_by("id").first().problems.get()
    assert problem.text == (
        "The file has 200.0 MB; at most 20 MB are read. Ask the sender for smaller files or raise"
        " “Largest file” of the endpoint: it is then picked up by itself. Move it out of the folder if"
        " nobody needs it"
    )
    (server.root / "out" / "a.edi").unlink()
    look(depot)
    assert [(value, state) for _, value, state, _ in cases()] == [
        ("a.edi", "resolved"),
        ("b.edi", "new"),
    ]
    assert pipeline.states() == ["superseded", "held"]


def test_a_replay_of_the_note_does_not_close_the_case_while_the_file_is_there(depot, server):
    put_sparse(server, "a.edi", megabytes=30)
    look(depot)
    replay.replay([Message.objects.get().pk], actor="dana", cause="mended")
    look(depot)
    assert pipeline.states() == ["held"]
    assert [state for _, _, state, _ in cases()] == ["regressed"]
    put_sparse(server, "a.edi", megabytes=0)
    look(depot)
    assert [state for _, _, state, _ in cases()] == ["resolved"]


def test_a_file_that_comes_back_has_a_case_again(depot, server):
    put_sparse(server, "a.edi", megabytes=30)
    look(depot)
    (server.root / "out" / "a.edi").rename(server.root / "a.edi")
    look(depot)
    (server.root / "a.edi").rename(server.root / "out" / "a.edi")
    with clock.freeze(clock.now() + timedelta(minutes=1)):
        look(depot)
    assert pipeline.states() == ["superseded", "held"]
    assert [state for _, _, state, _ in cases()] == ["regressed"]


def test_a_file_with_a_hostile_name_has_a_case_until_it_is_renamed(depot, server):
    hostile = "orders\u202efdp.edi"
    server.put(hostile, b"")
    server.put("a\x01.edi", b"")
    for _ in range(3):
        look(depot)
    assert cases() == [
        ("file_name", "a\\u0001.edi", "new", 1),
        ("file_name", "orders\\u202efdp.edi", "new", 1),
    ]
    assert server.names("out") == sorted([hostile, "a\x01.edi"])
    problem = Message.objects.order_by("-id").first().problems.get()
    assert "nobody can see, so it was not picked up" in problem.text
    (server.root / "out" / hostile).unlink()
    (server.root / "out" / "a\x01.edi").unlink()
    look(depot)
    assert [state for _, _, state, _ in cases()] == ["resolved", "resolved"]
