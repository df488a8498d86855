"""What exchanging files asks of every place, asked of each: a disk, a server over SSH and over TLS, a bucket."""

import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from integrations.transports.files import Exchange, Folders
from portal.core.errors import NeedsCredentials, Permanent
from tests.transports.places import FolderPlace, FtpPlace, Place, S3Place, SftpPlace

NOW = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)
FOLDERS = Folders("in", "out", "out/processing", "out/archive")
BODY = b"ISA*00*\x00\xff\r\n"


@pytest.fixture(params=["folder", "sftp", "ftps", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "folder":
        yield FolderPlace(tmp_path)
    elif request.param == "sftp":
        made = SftpPlace()
        yield made
        made.close_sessions()
        made.server.close()
    elif request.param == "s3":
        bucket = S3Place()
        yield bucket
        bucket.close()
    elif request.param == "ftps":
        kept: FtpPlace = request.getfixturevalue("ftps_server")
        for name in ("in", "out"):
            shutil.rmtree(kept.root / name)
            (kept.root / name).mkdir()
        yield kept
        kept.close_sessions()


def exchange(place: Place, *, worker: str = "0000000a", largest: int = 10_000) -> Exchange:
    return Exchange(
        place.session(), FOLDERS, is_whole=lambda tail: tail.endswith(b"END"), largest=largest,
        worker=worker,
    )  # fmt: skip


def test_files_are_listed_by_name_with_size_and_time(place: Place) -> None:
    place.put("out/b.edi", BODY)
    place.put("out/a ä.edi", b"")
    place.put("out/below/c.edi", BODY)
    found = place.session().entries("out")
    assert [(entry.name, entry.size) for entry in found] == [("a ä.edi", 0), ("b.edi", len(BODY))]
    assert all(abs(entry.modified - time.time()) < 120 for entry in found)


def test_a_folder_that_is_missing_is_said(place: Place) -> None:
    if isinstance(place, S3Place):
        assert place.session().entries("nowhere") == []  # no folder, or an empty one: the same
        return
    with pytest.raises(NeedsCredentials) as caught:
        place.session().entries("nowhere")
    assert caught.value.code == "folder_missing"


def test_what_stands_is_found_and_what_does_not_is_none(place: Place) -> None:
    place.put("out/b.edi", BODY)
    session = place.session()
    found = session.find("out/b.edi")
    assert found is not None and (found.name, found.size) == ("b.edi", len(BODY))
    assert session.find("out") is not None
    assert session.find("out/c.edi") is None
    assert session.find("nowhere/c.edi") is None


def test_a_file_is_read_whole_or_one_byte_more_than_asked(place: Place) -> None:
    place.put("out/b.edi", b"0123456789")
    session = place.session()
    assert session.read("out/b.edi", most=10) == b"0123456789"
    assert session.read("out/b.edi", most=4) == b"01234"
    assert session.read("out/b.edi", most=100) == b"0123456789"
    assert session.read("out/c.edi", most=100) is None


def test_an_empty_file_is_read(place: Place) -> None:
    place.put("out/b.edi", b"")
    session = place.session()
    assert session.read("out/b.edi", most=10) == b""
    [entry] = session.entries("out")
    assert session.tail(entry, "out/b.edi", length=64) == b""


def test_the_end_of_a_file_is_read(place: Place) -> None:
    place.put("out/b.edi", bytes(range(200)))
    session = place.session()
    [entry] = session.entries("out")
    assert session.tail(entry, "out/b.edi", length=3) == bytes([197, 198, 199])
    assert session.tail(entry, "out/b.edi", length=500) == bytes(range(200))
    assert session.tail(entry, "out/c.edi", length=3) == b""


@pytest.mark.parametrize("body", [b"", BODY, bytes(1_000_000)], ids=["empty", "odd", "1 MB"])
def test_a_file_is_written_whole_over_what_was_there(place: Place, body: bytes) -> None:
    place.put("in/b.edi", b"an older and longer file")
    place.session().write("in/b.edi", body)
    assert place.body("in/b.edi") == body


def test_a_file_is_renamed_once(place: Place) -> None:
    place.put("out/b.edi", BODY)
    session = place.session()
    assert session.move("out/b.edi", "in/c.edi") is True
    assert session.move("out/b.edi", "in/d.edi") is False
    assert (place.names("out"), place.names("in")) == ([], ["c.edi"])
    assert place.body("in/c.edi") == BODY


def test_a_rename_spares_what_is_there(place: Place) -> None:
    place.put("out/b.edi", BODY)
    place.put("in/b.edi", b"theirs")
    assert place.session().move("out/b.edi", "in/b.edi") is False
    assert (place.body("out/b.edi"), place.body("in/b.edi")) == (BODY, b"theirs")


def test_of_rivals_one_gets_the_file(place: Place) -> None:
    names = [f"{number:02d}.edi" for number in range(15)]
    for name in names:
        place.put(f"out/{name}", BODY)
    sessions = {"one": place.session(), "two": place.session(), "three": place.session()}
    won: dict[str, list[str]] = {who: [] for who in sessions}
    start = threading.Barrier(3)

    def work(who: str) -> None:
        sessions[who].open()
        start.wait()
        for name in names:
            if sessions[who].move(f"out/{name}", f"in/{name}.{who}"):
                won[who].append(name)

    threads = [threading.Thread(target=work, args=(who,)) for who in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won["one"] + won["two"] + won["three"]) == names
    assert place.names("in") == sorted(f"{name}.{who}" for who in won for name in won[who])


def test_a_file_replaces_another(place: Place) -> None:
    place.put("in/b.edi", b"older")
    session = place.session()
    session.write("in/b.edi.tmp", BODY)
    session.replace("in/b.edi.tmp", "in/b.edi")
    assert place.names("in") == ["b.edi"]
    assert place.body("in/b.edi") == BODY


def test_removing_is_fine_twice(place: Place) -> None:
    place.put("in/b.edi", BODY)
    session = place.session()
    session.remove("in/b.edi")
    session.remove("in/b.edi")
    assert place.names("in") == []


def test_folders_are_made_with_those_above(place: Place) -> None:
    session = place.session()
    for _ in range(2):
        session.make_folder("out/archive/2026/03")
    session.write("out/archive/2026/03/b.edi", BODY)
    assert place.names("out/archive/2026/03") == ["b.edi"]


def test_a_session_that_was_closed_opens_anew(place: Place) -> None:
    session = place.session()
    session.write("in/b.edi", BODY)
    session.close()
    assert session.read("in/b.edi", most=100) == BODY


def test_a_file_is_picked_up_and_archived_when_it_is_stored(place: Place) -> None:
    place.put("out/b.edi", b"12 END")
    ours = exchange(place)
    found = ours.pick_up({}, now=NOW)
    assert [(file.name, file.body) for file in found.files] == [("b.edi", b"12 END")]
    assert place.names("out") == []
    assert place.names("out/processing") == ["b.edi.20260303T160500Z-0000000a"]
    ours.archive(found.files, now=NOW)
    assert place.names("out/processing") == []
    assert place.names("out/archive/2026/03/03") == ["b.edi"]


def test_the_same_file_twice_has_one_key_and_is_archived_twice(place: Place) -> None:
    ours = exchange(place)
    keys = []
    for minute in (0, 1):
        place.put("out/b.edi", b"12 END")
        found = ours.pick_up({}, now=NOW + timedelta(minutes=minute))
        keys += [file.dedup_key for file in found.files]
        ours.archive(found.files, now=NOW)
    assert len(keys) == 2 and len(set(keys)) == 1
    assert len(place.names("out/archive/2026/03/03")) == 2


def test_a_claim_of_a_dead_worker_is_taken_again_and_that_of_a_living_one_is_not(
    place: Place,
) -> None:
    place.put("out/b.edi", b"12 END")
    assert len(exchange(place).pick_up({}, now=NOW).files) == 1
    other = exchange(place, worker="0000000b")
    assert other.pick_up({}, now=NOW + timedelta(seconds=119)).files == []
    [again] = other.pick_up({}, now=NOW + timedelta(seconds=120)).files
    assert (again.name, again.body) == ("b.edi", b"12 END")


def test_half_written_files_are_never_picked_up(place: Place) -> None:
    names = (".b.edi", "b.edi.tmp", "b.edi.part", "b.edi.filepart")
    for name in names:
        place.put(f"out/{name}", b"12 END")
    place.put("out/growing.edi", b"12 E")
    ours = exchange(place)
    first = ours.pick_up({}, now=NOW)
    place.put("out/growing.edi", b"12 EN")
    second = ours.pick_up(first.waiting, now=NOW + timedelta(seconds=15))
    assert (first.files, second.files) == ([], [])
    assert place.names("out") == sorted([*names, "growing.edi"])


def test_a_file_with_a_hostile_name_is_left_and_named_and_others_are_taken(place: Place) -> None:
    place.put("out/orders\u202efdp.edi", b"12 END")
    place.put("out/" + "a" * 220, b"12 END")
    place.put("out/b.edi", b"12 END")
    found = exchange(place).pick_up({}, now=NOW)
    assert [file.name for file in found.files] == ["b.edi"]
    assert len(found.unfit) == 2
    assert found.unfit["orders\\u202efdp.edi"] == "holds characters nobody can see"
    assert len(place.names("out")) == 2


def test_a_file_that_is_too_large_is_left_where_it_is(place: Place) -> None:
    place.put("out/b.edi", bytes(2001))
    found = exchange(place, largest=2000).pick_up({}, now=NOW)
    assert (found.files, found.too_large) == ([], {"b.edi": 2001})
    assert place.names("out") == ["b.edi"]


def test_a_file_is_dropped_whole_and_the_same_a_second_time_is_no_news(place: Place) -> None:
    ours = exchange(place)
    assert ours.drop("b.edi", BODY) is True
    assert ours.drop("b.edi", BODY) is False
    assert place.names("in") == ["b.edi"]
    with pytest.raises(Permanent) as caught:
        ours.drop("b.edi", BODY + b"!")
    assert caught.value.code == "file_exists"
    assert place.body("in/b.edi") == BODY


@pytest.mark.parametrize(
    "name", ["../b.edi", "/b.edi", "a\\b", "b.edi\x00", "b\r\nDELE a", "b.tmp"]
)
def test_a_name_of_ours_that_leads_elsewhere_is_refused(place: Place, name: str) -> None:
    with pytest.raises(Permanent) as caught:
        exchange(place).drop(name, BODY)
    assert caught.value.code == "file_name"


def test_a_trial_leaves_nothing(place: Place) -> None:
    ours = exchange(place)
    assert ours.round_trip(ours.place_of("out/processing")).whole
    assert ours.round_trip("in").whole
    assert place.names("in") == place.names("out") == []


def test_what_waits_can_be_looked_at_and_stays(place: Place) -> None:
    place.put("out/b.edi", b"12 END")
    place.put("out/c\u202e.edi", b"12 END")
    [seen] = exchange(place).peek(most=5)
    assert (seen.name, seen.body) == ("b.edi", b"12 END")
    assert len(place.names("out")) == 2
