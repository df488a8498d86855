"""Picking files up and putting them down, over a real SFTP session."""

import hashlib
import os
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.connectors.edi_files.client import FilesClient, ends_with_trailer
from integrations.transports.sftp import Entry, Sftp
from portal.core.errors import Permanent
from tests.connectors.x12.harness import interchange
from tests.connectors.x12.server import Server

NOW = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)
FILE = interchange("945")


def pick_up(client: FilesClient, *, at: datetime = NOW, cursor: Any = None):
    return client.fetch("files", cursor or {}, now=at)


def test_a_whole_file_is_picked_up_at_once_and_archived_when_it_is_stored(
    client: FilesClient, server: Server
) -> None:
    server.put("945_1.edi", FILE)
    page = pick_up(client)
    [document] = page.documents
    assert document.body == FILE
    assert (document.object_type, document.topic) == ("interchange", "945_1.edi")
    assert document.content_type == "application/edi-x12"
    digest = hashlib.sha256(FILE).hexdigest()
    assert document.dedup_key == f"file:945_1.edi:{len(FILE)}:{digest}"
    assert server.names("out") == []
    assert page.after_stored is not None
    page.after_stored()
    assert server.names("out/archive/2026/03/03") == ["945_1.edi"]
    assert server.names("out/processing") == []


def test_a_second_file_of_the_same_name_is_archived_beside_the_first(
    client: FilesClient, server: Server
) -> None:
    for body in (FILE, interchange("846")):
        server.put("report.edi", body)
        page = pick_up(client)
        assert [d.body for d in page.documents] == [body]
        page.after_stored()
    kept = server.names("out/archive/2026/03/03")
    assert len(kept) == 2
    assert kept[0] == "report.edi"
    assert kept[1].startswith("report.edi.20260303T160500Z-")


def test_unfinished_and_hidden_names_are_left_alone(client: FilesClient, server: Server) -> None:
    names = (".945.edi", "945.edi.tmp", "945.edi.PART", "945.edi.filepart")
    for name in names:
        server.put(name, FILE)
    assert pick_up(client).documents == []
    assert server.names("out") == sorted(names)


def test_only_names_of_the_pattern_are_picked_up(open_client: Any, server: Server) -> None:
    server.put("a.edi", FILE)
    server.put("a.pdf", FILE)
    page = pick_up(open_client(file_pattern="*.EDI"))
    assert [d.topic for d in page.documents] == ["a.edi"]
    assert server.names("out") == ["a.pdf"]


def test_a_half_written_file_waits_until_its_trailer_is_there(
    client: FilesClient, server: Server
) -> None:
    server.put("945.edi", FILE[:300])
    first = pick_up(client)
    assert first.documents == []
    server.put("945.edi", FILE)
    second = pick_up(client, at=NOW + timedelta(seconds=1), cursor=first.cursor)
    assert [d.body for d in second.documents] == [FILE]


def test_a_file_that_goes_on_growing_is_never_taken(client: FilesClient, server: Server) -> None:
    cursor: Any = {}
    for step in range(1, 6):
        server.put("945.edi", FILE[: 100 * step])
        page = pick_up(client, at=NOW + timedelta(seconds=15 * step), cursor=cursor)
        assert page.documents == []
        cursor = page.cursor


def test_a_file_without_a_trailer_is_taken_when_it_stood_still_for_ten_seconds(
    client: FilesClient, server: Server
) -> None:
    server.put("945.edi", FILE[:300])
    first = pick_up(client)
    early = pick_up(client, at=NOW + timedelta(seconds=9), cursor=first.cursor)
    assert early.documents == []
    late = pick_up(client, at=NOW + timedelta(seconds=10), cursor=early.cursor)
    assert [d.body for d in late.documents] == [FILE[:300]]


@pytest.mark.parametrize(
    ("tail", "whole"),
    [
        (b"IEA*1*000005101~", True),
        (b"IEA*1*000005101~\r\n", True),
        (b"IEA|1|5101'\n\x1a", True),
        (b"IEA*1*000005101", False),
        (b"IEA*1*0000", False),
        (b"IEA*1*000005101~ISA*00*", False),
        (b"GE*1*5101~", False),
        (b"", False),
    ],
)
def test_the_trailer_counts_only_when_it_is_terminated(tail: bytes, whole: bool) -> None:
    assert ends_with_trailer(tail) is whole


def test_two_workers_who_see_the_same_files_share_them(open_client: Any, server: Server) -> None:
    names = [f"945_{number:02d}.edi" for number in range(30)]
    for name in names:
        server.put(name, FILE)
    taken: list[str] = []
    workers = [open_client(), open_client()]
    for worker in workers:
        worker._session.open()  # logged in before the race
    start = threading.Barrier(2)

    def work(worker: FilesClient) -> None:
        start.wait()
        taken.extend(document.topic for document in pick_up(worker).documents)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == names


def test_a_claim_of_a_living_worker_is_left_alone_and_that_of_a_dead_one_taken_again(
    open_client: Any, server: Server
) -> None:
    server.put("945.edi", FILE)
    assert len(pick_up(open_client()).documents) == 1
    other = open_client()
    assert pick_up(other, at=NOW + timedelta(seconds=119)).documents == []
    [again] = pick_up(other, at=NOW + timedelta(seconds=120)).documents
    assert (again.topic, again.body) == ("945.edi", FILE)


def test_a_page_that_was_not_stored_comes_again_to_the_same_worker(
    client: FilesClient, server: Server
) -> None:
    server.put("945.edi", FILE)
    first = pick_up(client)
    second = pick_up(client, at=NOW + timedelta(seconds=1))
    assert [d.dedup_key for d in second.documents] == [d.dedup_key for d in first.documents]
    second.after_stored()
    assert server.names("out/archive/2026/03/03") == ["945.edi"]


def test_archiving_what_another_worker_archived_is_no_error(
    open_client: Any, server: Server
) -> None:
    server.put("945.edi", FILE)
    slow = pick_up(open_client())
    quick = pick_up(open_client(), at=NOW + timedelta(minutes=3))
    quick.after_stored()
    slow.after_stored()
    assert server.names("out/archive/2026/03/03") == ["945.edi"]


def test_a_long_folder_is_read_in_pages(client: FilesClient, server: Server) -> None:
    for number in range(60):
        server.put(f"945_{number:02d}.edi", FILE)
    first = pick_up(client)
    assert (len(first.documents), first.more) == (50, True)
    first.after_stored()
    second = pick_up(client, cursor=first.cursor)
    assert (len(second.documents), second.more) == (10, False)


def test_a_file_is_put_whole_under_its_name(client: FilesClient, server: Server) -> None:
    answer = client.put_file("940_NWIND3PL_20260303T160500_000005101.edi", FILE)
    assert answer["status"] == "written"
    assert server.names("in") == ["940_NWIND3PL_20260303T160500_000005101.edi"]
    assert (server.root / "in" / server.names("in")[0]).read_bytes() == FILE


def test_the_same_file_a_second_time_changes_nothing(client: FilesClient, server: Server) -> None:
    client.put_file("940.edi", FILE)
    os.utime(server.root / "in/940.edi", (1, 1))
    assert client.put_file("940.edi", FILE)["status"] == "already there"
    assert (server.root / "in/940.edi").stat().st_mtime == 1
    assert server.names("in") == ["940.edi"]


def test_another_file_under_a_taken_name_is_refused(client: FilesClient, server: Server) -> None:
    client.put_file("940.edi", FILE)
    with pytest.raises(Permanent) as caught:
        client.put_file("940.edi", FILE + b"more")
    assert caught.value.code == "file_exists"
    assert (server.root / "in/940.edi").read_bytes() == FILE


@pytest.mark.parametrize(
    "name", ["../940.edi", "a b.edi", "", ".hidden", "940.tmp", "x" * 200, "ü"]
)
def test_unfit_file_names_are_refused(client: FilesClient, server: Server, name: str) -> None:
    with pytest.raises(Permanent) as caught:
        client.put_file(name, FILE)
    assert caught.value.code == "file_name"
    assert server.names("in") == []


MEGABYTE = 1024 * 1024


def put_sparse(server: Server, name: str, *, megabytes: int) -> None:
    with (server.root / "out" / name).open("wb") as file:
        file.truncate(megabytes * MEGABYTE)


def test_a_file_that_is_too_large_stays_where_it_is_and_is_noted_once(
    client: FilesClient, server: Server
) -> None:
    put_sparse(server, "huge.edi", megabytes=200)
    server.put("a.edi", FILE)
    server.put("z.edi", FILE.replace(b"000000302", b"000000303"))
    page = pick_up(client)
    assert [d.topic for d in page.documents] == ["a.edi", "z.edi", "huge.edi"]
    note = page.documents[-1]
    assert note.body == b'{"file": "huge.edi", "bytes": 209715200, "largest": 20971520}'
    assert (server.names("out"), page.outdone) == (["huge.edi"], [])
    again = pick_up(client, cursor=page.cursor, at=NOW + timedelta(minutes=1))
    assert [d.topic for d in again.documents if d.object_type == "file_note"] == []
    assert (again.cursor["too_large"], again.outdone) == ({"huge.edi": note.dedup_key}, [])


def test_a_note_is_outdone_when_its_file_is_gone_or_smaller(
    client: FilesClient, server: Server
) -> None:
    put_sparse(server, "gone.edi", megabytes=21)
    put_sparse(server, "smaller.edi", megabytes=21)
    first = pick_up(client)
    keys = {note.topic: note.dedup_key for note in first.documents}
    (server.root / "out" / "gone.edi").unlink()
    server.put("smaller.edi", FILE)
    second = pick_up(client, cursor=first.cursor)
    assert [d.body for d in second.documents] == [FILE]
    assert sorted(second.outdone) == sorted(keys.values())
    assert second.cursor["too_large"] == {}


def test_the_largest_file_is_a_setting(open_client: Any, server: Server) -> None:
    put_sparse(server, "a.edi", megabytes=2)
    page = pick_up(open_client(largest_file=1))
    assert [d.object_type for d in page.documents] == ["file_note"]
    later = pick_up(open_client(largest_file=2), cursor=page.cursor)
    settled = NOW + timedelta(seconds=11)
    last = pick_up(open_client(largest_file=2), cursor=later.cursor, at=settled)
    assert [len(d.body) for d in last.documents] == [2 * MEGABYTE]


def test_of_a_file_whose_size_is_not_true_no_more_is_read_than_may_be(
    open_client: Any, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_sparse(server, "a.edi", megabytes=5)
    true = Sftp.entries

    def lying(session: Sftp, folder: str) -> list[Entry]:
        return [entry._replace(size=600) for entry in true(session, folder)]

    monkeypatch.setattr(Sftp, "entries", lying)
    client = open_client(largest_file=2)
    client._exchange.is_whole = lambda tail: True
    page = pick_up(client)
    assert [d.object_type for d in page.documents] == ["file_note"]
    assert b'"bytes": 2097153' in page.documents[0].body
    assert (server.names("out"), server.names("out/processing")) == (["a.edi"], [])


def test_no_more_of_a_file_is_read_than_asked_for(client: FilesClient, server: Server) -> None:
    server.put("a.edi", b"0123456789")
    session = client._session
    assert session.read("out/a.edi", most=10) == b"0123456789"
    assert session.read("out/a.edi", most=4) == b"01234"
    assert session.read("out/none.edi", most=4) is None
