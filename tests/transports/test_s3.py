"""Buckets: keys and regions that are wrong, answers that are hostile, and moves that broke off."""

import dataclasses
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.transports import s3
from integrations.transports.files import Exchange, Folders
from integrations.transports.s3 import S3
from portal.core import clock, guard
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable
from portal.core.secrets import Secret
from tests.certificate_maker import Authority
from tests.transports import s3_server
from tests.transports.places import S3Place

NOW = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)


class DiedError(BaseException):
    """A worker is gone in the middle of something."""


@pytest.fixture
def place() -> Iterator[S3Place]:
    made = S3Place()
    yield made
    made.close()


def refusal(kind: type, session: S3) -> Any:
    with pytest.raises(kind) as caught:
        session.entries("in")
    assert s3_server.SECRET not in str(caught.value)
    return caught.value


def test_a_wrong_secret_and_an_unknown_key_ask_for_credentials(place: S3Place) -> None:
    for changed in ({"secret": Secret("wrong")}, {"key_id": "AKIANOBODY"}):
        assert refusal(NeedsCredentials, place.session(**changed)).code == "auth_expired"
    assert refusal(NeedsCredentials, place.session(secret=None)).code == "auth_expired"


def test_another_bucket_is_said(place: S3Place) -> None:
    error = refusal(NeedsCredentials, place.session(name="no-such-bucket"))
    assert (error.code, str(error)) == ("folder_missing", "There is no bucket no-such-bucket.")


def test_another_region_is_said(place: S3Place) -> None:
    error = refusal(Permanent, place.session(region="us-east-1"))
    assert error.code == "bad_address"
    assert "expecting 'eu-test-1'" in str(error)


def test_a_clock_that_is_wrong_is_said(place: S3Place) -> None:
    with clock.freeze(clock.now() - timedelta(hours=1)):
        assert "clock" in str(refusal(Retryable, place.session()))


@pytest.mark.parametrize(
    "changed",
    [
        {"plain_because": ""},
        {"endpoint": "ftp://127.0.0.1"},
        {"endpoint": "https://s3.example.com/behind"},
        {"endpoint": "https://user@s3.example.com"},
        {"endpoint": "https://s3.example.com?x=1"},
        {"endpoint": "https://[half"},
        {"endpoint": "s3.example.com"},
        {"name": "../other"},
        {"name": "a/b"},
        {"name": ""},
    ],
)
def test_an_address_that_is_none_is_refused_before_anything_is_sent(
    place: S3Place, changed: dict[str, str]
) -> None:
    assert refusal(Permanent, place.session(**changed)).code == "bad_address"
    assert place.store.requests == []


def test_a_private_address_is_not_called_without_permission(place: S3Place) -> None:
    guard.set_allowed_networks(tuple)
    assert refusal(Permanent, place.session()).code == "address_refused"
    assert place.store.requests == []


@pytest.mark.parametrize("days", [10, -1], ids=["unknown", "expired"])
def test_a_certificate_nobody_vouches_for_is_refused(
    place: S3Place, authority: Authority, days: int
) -> None:
    store = s3_server.Store(authority.certificate("localhost", days=days))
    endpoint = store.address.replace("127.0.0.1", "localhost")
    assert refusal(Permanent, place.session(endpoint=endpoint)).code == "tls"
    assert store.requests == []
    store.close()


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (403, b"<Error><Code>AccessDenied</Code></Error>", NeedsCredentials, "forbidden"),
        (403, b"<Error><Code>ExpiredToken</Code></Error>", NeedsCredentials, "auth_expired"),
        (301, b"<Error><Code>PermanentRedirect</Code></Error>", Permanent, "bad_address"),
        (503, b"<Error><Code>SlowDown</Code></Error>", Retryable, "rate_limited"),
        (500, b"<Error><Code>InternalError</Code></Error>", Retryable, "unavailable"),
        (501, b"<Error><Code>NotImplemented</Code></Error>", Permanent, "refused"),
        (502, b"<html>proxy", Retryable, "unavailable"),
        (400, b"", Permanent, "bad_request"),
        (200, b"no XML", Retryable, "unavailable"),
        (200, b"", Retryable, "unavailable"),
        (
            200,
            b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
            Permanent,
            "refused",
        ),
        (200, b"<a><Contents><Key>in/x</Key></Contents></a>", Permanent, "refused"),
    ],
)
def test_an_answer_is_named_by_what_helps(
    place: S3Place, status: int, body: bytes, kind: type, code: str
) -> None:
    place.store.fault = lambda method, key: (status, body, {})
    assert refusal(kind, place.session()).code == code


def test_a_long_folder_is_listed_over_pages_and_endless_pages_end(place: S3Place) -> None:
    place.store.page = 7
    for number in range(20):
        place.put(f"in/{number:02d} +ä.edi", b"1")
    assert len(place.session().entries("in")) == 20
    again = (
        b"<a><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></a>"
    )
    place.store.fault = lambda method, key: (200, again, {})
    assert refusal(Permanent, place.session()).code == "refused"


@pytest.mark.parametrize(
    "path", ["../other/x", "in/../../x", "/in/x", "in//x", "in/a\\b", "in/a\x00"]
)
def test_a_path_that_leads_out_of_the_prefix_is_refused(place: S3Place, path: str) -> None:
    session = place.session()
    calls = [
        lambda: session.read(path, most=1),
        lambda: session.write(path, b"1"),
        lambda: session.move("in/b.edi", path),
        lambda: session.remove(path),
        lambda: session.entries(path),
    ]
    place.put("in/b.edi", b"1")
    for call in calls:
        with pytest.raises(Permanent) as caught:
            call()
        assert caught.value.code == "file_name"
    assert place.names("in") == ["b.edi"]


def test_a_store_that_ignores_conditions_is_refused_before_anything_moves(place: S3Place) -> None:
    place.store.ignores_conditions = True
    place.put("out/b.edi", b"1")
    with pytest.raises(Permanent, match="files would come twice"):
        place.session().move("out/b.edi", "in/b.edi")
    assert place.names("out") == ["b.edi"]
    assert list(place.store.objects) == [f"{place.prefix}/out/b.edi"]


def test_a_compressed_file_is_taken_as_it_lies_there(place: S3Place) -> None:
    bomb = b"\x1f\x8b\x08\x00 not unpacked"
    place.put("out/b.edi", bomb)
    key = f"{place.prefix}/out/b.edi"
    place.store.objects[key].meta["Content-Encoding"] = "gzip"
    assert place.session().read("out/b.edi", most=1000) == bomb


def test_a_copy_that_failed_on_the_way_is_no_success(place: S3Place) -> None:
    place.put("in/b.edi.tmp", b"1")
    failed = b"<Error><Code>InternalError</Code><Message>We encountered an error.</Message></Error>"
    place.store.fault = lambda method, key: (200, failed, {}) if method == "PUT" else None
    with pytest.raises(Retryable):
        place.session().replace("in/b.edi.tmp", "in/b.edi")
    assert place.names("in") == ["b.edi.tmp"]


def dies_at(place: S3Place, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    """From here on whoever calls `method` of a session is gone before it."""

    def die(*_: object, **__: object) -> None:
        raise DiedError

    monkeypatch.setattr(S3, method, die)


STEPS = {
    "after writing it down": "_content",
    "after reading": "_write_new",
    "after copying": "_delete",
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_move_that_broke_off_is_finished_by_the_next_and_the_file_comes_once(
    place: S3Place, step: str
) -> None:
    place.put("out/b.edi", b"12 END")
    with pytest.MonkeyPatch.context() as patch:
        dead = exchange(place, worker="0000000a")
        dies_at(place, patch, step)
        with pytest.raises(DiedError):
            dead.pick_up({}, now=NOW)
    place.store.clock = lambda: _later(50)
    other = exchange(place, worker="0000000b")
    assert other.pick_up({}, now=NOW + timedelta(seconds=50)).files == []
    place.store.clock = lambda: _later(70)
    assert other.pick_up({}, now=NOW + timedelta(seconds=70)).files == []
    assert place.names("out") == []
    assert place.names("out/processing") == ["b.edi.20260303T160500Z-0000000a"]
    [taken] = other.pick_up({}, now=NOW + timedelta(seconds=130)).files
    assert (taken.name, taken.body) == ("b.edi", b"12 END")
    assert not [key for key in place.store.objects if "/.moves/" in key]


def test_a_worker_that_was_only_slow_and_its_helper_end_with_one_file(
    place: S3Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow one reads, another finishes its move, and then it goes on."""
    place.put("out/b.edi", b"12 END")
    slow, helper = place.session(), place.session()
    plain = S3._content

    def content(self: S3, move: Any) -> bytes | None:
        body = plain(self, move)
        if self is slow:
            place.store.clock = lambda: _later(70)
            assert helper.move("out/b.edi", "in/helper.edi") is False
            place.put("out/b.edi", b"a new file of the same name")
        return body

    monkeypatch.setattr(S3, "_content", content)
    assert slow.move("out/b.edi", "in/slow.edi") is True
    assert place.names("in") == ["slow.edi"]
    assert place.body("out/b.edi") == b"a new file of the same name"


def test_a_note_of_a_move_whose_file_was_replaced_is_cleared(place: S3Place) -> None:
    place.put("out/b.edi", b"1")
    session = place.session()
    with pytest.MonkeyPatch.context() as patch:
        dies_at(place, patch, "_content")
        with pytest.raises(DiedError):
            session.move("out/b.edi", "in/b.edi")
    place.store.clock = lambda: _later(70)
    place.put("out/b.edi", b"2")
    assert session.move("out/b.edi", "in/c.edi") is True
    assert (place.names("in"), place.body("in/c.edi")) == (["c.edi"], b"2")


def test_a_note_that_is_none_of_ours_holds_nobody_up_for_ever(place: S3Place) -> None:
    place.put("out/b.edi", b"1")
    session = place.session()
    place.put(s3._place_of_move("out/b.edi"), b"not JSON")
    assert session.move("out/b.edi", "in/b.edi") is False
    place.store.clock = lambda: _later(70)
    assert session.move("out/b.edi", "in/b.edi") is True


@pytest.mark.parametrize(
    "told",
    [
        {"new": "harbor/in/b.edi"},  # another's part of the same bucket
        {"new": "kestrel/files ä2/in/b.edi"},
        {"new": "kestrel/files ä/../../harbor/in/b.edi"},
        {"new": "kestrel/files ä/"},
        {"new": 7},
        {"token": "a\r\nx-amz-acl: public-read"},
        {"token": None},
        {"token": "ab" * 8, "more": 1},
    ],
)
def test_a_forged_note_leads_nowhere(place: S3Place, told: dict[str, Any]) -> None:
    """Whoever may put files into the bucket may put notes there, with the etag of a file of theirs."""
    place.put("out/b.edi", b"1")
    source = f"{place.prefix}/out/b.edi"
    etag = place.store.objects[source].etag
    good = {"old": source, "new": f"{place.prefix}/in/x.edi", "etag": etag, "token": "ab" * 8}
    place.put(s3._place_of_move("out/b.edi"), json.dumps({**good, **told}).encode())
    session = place.session()
    place.store.clock = lambda: _later(70)
    assert session.move("out/b.edi", "in/b.edi") is True
    assert sorted(place.store.objects) == [f"{place.prefix}/in/b.edi"]


def test_a_note_nested_beyond_reason_is_none_of_ours(place: S3Place) -> None:
    place.put("out/b.edi", b"1")
    place.put(s3._place_of_move("out/b.edi"), b"[" * 100_000)
    session = place.session()
    place.store.clock = lambda: _later(70)
    assert session.move("out/b.edi", "in/b.edi") is True


def test_a_rival_that_writes_at_the_same_moment_wins(place: S3Place) -> None:
    place.put("out/b.edi", b"1")
    session = place.session()
    session._must_spare()
    conflict = b"<Error><Code>ConditionalRequestConflict</Code></Error>"
    place.store.fault = lambda method, key: (409, conflict, {}) if method == "PUT" else None
    assert session.move("out/b.edi", "in/b.edi") is False
    assert place.names("out") == ["b.edi"]


def test_a_file_larger_than_is_moved_stays(place: S3Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "LARGEST_MOVED", 10)
    place.put("out/b.edi", bytes(11))
    with pytest.raises(Permanent):
        place.session().move("out/b.edi", "in/b.edi")
    assert (place.names("out"), place.names("in")) == (["b.edi"], [])


def test_two_threads_share_a_folder_and_each_file_is_taken_by_one(place: S3Place) -> None:
    names = [f"{number:02d}.edi" for number in range(20)]
    for name in names:
        place.put(f"out/{name}", b"12 END")
    taken: list[str] = []
    start = threading.Barrier(2)

    def work(worker: str) -> None:
        ours = exchange(place, worker=worker)
        start.wait()
        found = ours.pick_up({}, now=NOW)
        taken.extend(file.name for file in found.files)
        ours.archive(found.files, now=NOW)

    threads = [threading.Thread(target=work, args=(f"0000000{n}",)) for n in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == names
    assert place.names("out/archive/2026/03/03") == names


def test_an_error_says_neither_secret_nor_token(place: S3Place) -> None:
    bucket = dataclasses.replace(place.bucket(), token=Secret("borrowed token"))
    assert "borrowed token" not in repr(bucket) + repr(S3(bucket))
    place.store.fault = lambda method, key: (400, b"what", {})
    with pytest.raises(CrossdockError) as caught:
        S3(bucket).open()
    assert "borrowed token" not in repr(caught.value)


def exchange(place: S3Place, *, worker: str) -> Exchange:
    folders = Folders("in", "out", "out/processing", "out/archive")
    return Exchange(
        place.session(), folders, is_whole=lambda tail: tail.endswith(b"END"), worker=worker
    )


def _later(seconds: float) -> float:
    return datetime.now(UTC).timestamp() + seconds
