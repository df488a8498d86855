"""Flat files and EDI over FTPS, with a server that we did not write, in an environment of its own."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.connectors import registry
from portal.core.errors import NeedsCredentials, Permanent, Retryable
from tests.certificate_maker import Authority
from tests.connectors.conformance import connection
from tests.connectors.edi import files as edi
from tests.connectors.files.harness import AGREEMENT, STOCK
from tests.connectors.x12.harness import interchange
from tests.counterparts.pyftpdlib_install import COUNTERPART
from tests.transports.logins import PASSWORD, USER
from tests.transports.places import FtpPlace, ftp_place

pytestmark = pytest.mark.counterpart(
    system="pyftpdlib", flow="FTPS: flat files, X12 and EDIFACT; whole files, one claim, refusals"
)
NOW = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)
ARCHIVE = "out/archive/2026/03/03"
AGREED: dict[str, dict[str, Any]] = {
    "files": {"agreement": AGREEMENT},
    "x12": {"own_id": "PORTAL", "partner_id": "NWIND3PL", "usage": "T"},
    "edi": edi.X12,
}
FILES = {
    "files": ("stock.csv", STOCK.encode()),
    "x12": ("945.edi", interchange("945")),
    "edi": ("850.edi", edi.file_of("850")),
}


class Server:
    """The server, its folder, and clients of ours with it."""

    def __init__(self, place: FtpPlace) -> None:
        self.place = place
        self.opened: list[Any] = []

    def client(self, slug: str, *, password: str = PASSWORD, **changed: Any) -> Any:
        given = {
            "protocol": "ftps", "host": "localhost", "port": self.place.port, "user": USER,
            "authority": self.place.authority.path.read_text().splitlines(), **AGREED[slug],
        }  # fmt: skip
        connector = registry.get(slug)
        to = connection(connector, settings={**given, **changed}, secrets={"password": password})
        assert connector.client is not None
        self.opened.append(connector.client(to))
        return self.opened[-1]

    def close(self) -> None:
        while self.opened:
            self.opened.pop().close()


def served(folder: Path, *arguments: str, **asked: Any) -> Any:
    (folder / "files").mkdir()
    (folder / "authority").mkdir()
    authority = Authority(folder / "authority")
    return ftp_place(
        folder / "files", authority, *arguments, python=str(COUNTERPART.python), **asked
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with served(tmp_path) as place:
        made = Server(place)
        yield made
        made.close()


@pytest.mark.parametrize("slug", AGREED)
def test_a_file_is_taken_whole_archived_when_stored_and_ours_is_put_once(server, slug) -> None:
    name, body = FILES[slug]
    server.place.put(f"out/{name}", body)
    ours = server.client(slug)
    page = ours.fetch("files", {}, now=NOW)
    assert [document.body for document in page.documents] == [body]
    assert server.place.names(ARCHIVE) == []
    page.after_stored()
    assert server.place.names(ARCHIVE) == [name]
    assert ours.put_file(f"to_{name}", body)["status"] == "written"
    assert ours.put_file(f"to_{name}", body)["status"] == "already there"
    assert server.place.names("in") == [f"to_{name}"]
    assert server.place.body(f"in/to_{name}") == body


def test_an_edifact_file_is_read_by_its_partner(server) -> None:
    body = edi.file_of("ORDERS")
    server.place.put("out/orders.edi", body)
    page = server.client("edi", **edi.EDIFACT).fetch("files", {}, now=NOW)
    assert [(d.body, d.content_type) for d in page.documents] == [(body, "application/edifact")]


def test_a_large_file_comes_over_its_own_connection_as_it_is(server) -> None:
    body = interchange("945") * 2_000
    server.place.put("out/945.edi", body)
    [document] = server.client("x12").fetch("files", {}, now=NOW).documents
    assert document.body == body


def test_what_is_still_written_stays(server) -> None:
    server.place.put("out/945.edi", interchange("945")[:300])
    server.place.put("out/.later.edi", interchange("945"))
    ours = server.client("x12")
    first = ours.fetch("files", {}, now=NOW)
    assert first.documents == []
    server.place.put("out/945.edi", interchange("945"))
    assert len(ours.fetch("files", first.cursor, now=NOW).documents) == 1


def test_of_two_rivals_one_gets_the_file(server) -> None:
    server.place.put("out/945.edi", interchange("945"))
    won: list[int] = []
    clients = [server.client("x12") for _ in range(2)]
    threads = [
        threading.Thread(
            target=lambda c=one: won.append(len(c.fetch("files", {}, now=NOW).documents))
        )
        for one in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(won) == [0, 1]


def test_a_wrong_password_is_a_login_refused_and_nothing_is_taken(server) -> None:
    server.place.put("out/945.edi", interchange("945"))
    with pytest.raises(NeedsCredentials) as caught:
        server.client("x12", password="wrong 9").fetch("files", {}, now=NOW)
    assert "530 Authentication failed" in str(caught.value)
    assert "wrong 9" not in str(caught.value)
    assert server.place.names("out") == ["945.edi"]


@pytest.mark.parametrize(
    "changed",
    [{"authority": []}, {"fingerprint": "ab" * 32}, {"host": "127.0.0.1"}],
    ids=["unknown authority", "another certificate", "another name"],
)
def test_a_certificate_that_is_not_the_one_meant_gets_no_password(server, changed) -> None:
    with pytest.raises((Permanent, NeedsCredentials)) as caught:
        server.client("files", **changed).put_file("stock.csv", b"x")
    assert caught.value.code in {"tls", "host_key_changed"}
    assert server.place.names("in") == []


def test_a_disk_that_is_full_is_tried_again_and_no_part_of_the_file_is_there(tmp_path) -> None:
    with served(tmp_path, "--refuses", "STOR 452 Disk full.") as place:
        made = Server(place)
        with pytest.raises(Retryable) as caught:
            made.client("x12").put_file("940.edi", interchange("945"))
        made.close()
        assert "Disk full" in str(caught.value)
        assert place.names("in") == []


def test_a_server_without_tls_gets_neither_password_nor_files(tmp_path) -> None:
    with served(tmp_path, names=()) as place:
        made = Server(place)
        with pytest.raises(Permanent) as caught:
            made.client("edi").put_file("855.edi", b"x")
        made.close()
        assert caught.value.code == "tls"


def test_the_connection_test_tells_each_step(server) -> None:
    told = {line.name: line.passed for line in server.client("edi").test_connection()}
    assert told == {"host": True, "tls": True, "key": True, "scope": True, "clock": True}
    wrong = server.client("edi", password="wrong 9").test_connection()
    assert [line.passed for line in wrong] == [True, True, False, None, None]
