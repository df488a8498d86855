"""Buckets against moto, a store that we did not write."""

import dataclasses
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from integrations.transports import aws_signature
from integrations.transports.bucket import Bucket, Client
from integrations.transports.files import Exchange, Folders
from integrations.transports.s3 import S3
from portal.core import http
from portal.core.errors import NeedsCredentials
from portal.core.secrets import Secret
from tests.counterparts.moto_install import COUNTERPART
from tests.counterparts.running import free_port, running

NOW = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)
FOLDERS = Folders("in", "out", "out/processing", "out/archive")

pytestmark = pytest.mark.counterpart(
    system="moto", flow="S3 folders: claim, read, archive, conditional write"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    command = [COUNTERPART.program("moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    log = tmp_path_factory.mktemp("moto") / "log"
    with running(command, port=port, log=log, env={"INITIAL_NO_AUTH_ACTION_COUNT": "1000000"}):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def bucket(address: str) -> Bucket:
    made = Bucket(
        address, "us-east-1", f"files-{time.time_ns()}", "AKIATEST", Secret("secret"),
        plain_because="on this machine",
    )  # fmt: skip
    Client(made).send("PUT")
    return made


def exchange(bucket: Bucket, *, worker: str = "0000000a") -> Exchange:
    return Exchange(S3(bucket, prefix="k"), FOLDERS, is_whole=lambda tail: True, worker=worker)


def test_a_file_goes_all_the_way(bucket: Bucket) -> None:
    theirs = S3(bucket, prefix="k")
    theirs.write("out/a +ä&.edi", b"12 END")
    theirs.write("out/.hidden", b"")
    ours = exchange(bucket)
    found = ours.pick_up({}, now=NOW)
    assert [(file.name, file.body) for file in found.files] == [("a +ä&.edi", b"12 END")]
    ours.archive(found.files, now=NOW)
    assert [e.name for e in theirs.entries("out/archive/2026/03/03")] == ["a +ä&.edi"]
    assert [e.name for e in theirs.entries("out")] == [".hidden"]
    assert theirs.entries("out/processing") == []
    assert ours.drop("b.edi", b"1") is True
    assert ours.drop("b.edi", b"1") is False
    assert theirs.read("in/b.edi", most=10) == b"1"
    assert ours.round_trip("in").whole


def test_a_long_folder_is_listed_over_pages(bucket: Bucket) -> None:
    theirs = S3(bucket)
    for number in range(1005):
        theirs.write(f"in/{number:04d}", b"1")
    assert len(theirs.entries("in")) == 1005


def test_two_threads_share_a_folder(bucket: Bucket) -> None:
    names = [f"{number:02d}.edi" for number in range(20)]
    for name in names:
        S3(bucket, prefix="k").write(f"out/{name}", b"12 END")
    taken: list[str] = []
    start = threading.Barrier(2)

    def work(worker: str) -> None:
        ours = exchange(bucket, worker=worker)
        start.wait()
        taken.extend(file.name for file in ours.pick_up({}, now=NOW).files)

    threads = [threading.Thread(target=work, args=(f"0000000{n}",)) for n in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == names


def test_a_claim_of_a_dead_worker_is_taken_again(bucket: Bucket) -> None:
    S3(bucket, prefix="k").write("out/b.edi", b"12 END")
    assert len(exchange(bucket).pick_up({}, now=NOW).files) == 1
    other = exchange(bucket, worker="0000000b")
    [again] = other.pick_up({}, now=NOW + timedelta(minutes=3)).files
    assert (again.name, again.body) == ("b.edi", b"12 END")


def test_our_signature_is_what_another_implementation_makes_it(
    address: str, bucket: Bucket
) -> None:
    """From here on moto checks every signature, with Amazon's own library."""
    key_id, secret = _a_key_of_its_own(address)
    known = dataclasses.replace(bucket, key_id=key_id, secret=Secret(secret))
    http.request("POST", f"{address}/moto-api/reset-auth", data=b"0")
    try:
        theirs = S3(known, prefix="k ä+")
        theirs.write("in/a +ä&~'().edi", b"12 END")
        assert [entry.name for entry in theirs.entries("in")] == ["a +ä&~'().edi"]
        assert theirs.move("in/a +ä&~'().edi", "out/b.edi") is True
        assert theirs.read("out/b.edi", most=10) == b"12 END"
        for changed in ({"secret": Secret("wrong")}, {"key_id": "AKIANOBODY"}):
            with pytest.raises(NeedsCredentials) as caught:
                S3(dataclasses.replace(known, **changed)).open()
            assert caught.value.code == "auth_expired"
    finally:
        http.request("POST", f"{address}/moto-api/reset-auth", data=b"1000000000")


def _a_key_of_its_own(address: str) -> tuple[str, str]:
    def ask(**asked: str) -> str:
        body = aws_signature.query_string({**asked, "Version": "2010-05-08"}).encode()
        digest = hashlib.sha256(body).hexdigest()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        request = aws_signature.Request(
            "POST", address.removeprefix("http://"), "/", {}, kind, digest
        )
        headers = aws_signature.headers_of(
            request, aws_signature.Key("AKIATEST", Secret("s")),
            region="us-east-1", service="iam", at=datetime.now(UTC),
        )  # fmt: skip
        return http.request("POST", f"{address}/", headers=headers, data=body).text()

    allow = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
    }
    ask(Action="CreateUser", UserName="files")
    ask(
        Action="PutUserPolicy", UserName="files", PolicyName="all", PolicyDocument=json.dumps(allow)
    )
    made = ask(Action="CreateAccessKey", UserName="files")
    key_id = made.partition("<AccessKeyId>")[2].partition("<")[0]
    return key_id, made.partition("<SecretAccessKey>")[2].partition("<")[0]


def test_a_missing_bucket_is_said(address: str) -> None:
    missing = Bucket(address, "us-east-1", "nowhere", "AKIATEST", Secret("s"), plain_because="here")
    with pytest.raises(NeedsCredentials) as caught:
        S3(missing).open()
    assert caught.value.code == "folder_missing"
