"""What the live test says of a warehouse's folders and clock, and what a look leaves alone."""

import os
from datetime import UTC, datetime
from typing import Any

import pytest
from paramiko import SFTP_PERMISSION_DENIED

from integrations.connectors.client import Check
from integrations.connectors.edi_files.client import FilesClient
from integrations.connectors.x12 import CONNECTOR
from integrations.domain.discover import discover
from portal.core import clock
from tests.connectors.x12.conftest import to_server
from tests.connectors.x12.harness import interchange
from tests.connectors.x12.server import Server


def told(client: FilesClient) -> dict[str, Check]:
    return {check.name: check for check in client.test_connection()}


def verdicts(found: dict[str, Check]) -> list[bool | None]:
    return [line.passed for line in found.values()]


def everything(server: Server) -> list[tuple[str, bytes]]:
    files = sorted(path for path in server.root.rglob("*") if path.is_file())
    return [(str(path.relative_to(server.root)), path.read_bytes()) for path in files]


def refuse_writing(server: Server, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    """As a folder does that the login may only read."""
    files = server.listener.files
    usual = files.open

    def opened(self: Any, path: str, flags: int, attr: Any) -> Any:
        if flags & os.O_CREAT and f"/{folder}/" in self.canonicalize(path):
            return SFTP_PERMISSION_DENIED
        return usual(self, path, flags, attr)

    monkeypatch.setattr(files, "open", opened)


def test_a_folder_that_may_only_be_read_is_named(
    client: FilesClient, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_writing(server, monkeypatch, "in")
    found = told(client)
    assert verdicts(found) == [True, None, True, False, True]
    assert found["scope"].text.startswith("in cannot be written: The login may not use in/")
    assert found["scope"].remedy == "Correct the folder, or ask the partner for the right to it."


def test_a_pick_up_folder_out_of_which_nothing_can_be_moved_is_named(
    client: FilesClient, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_writing(server, monkeypatch, "out")
    scope = told(client)["scope"]
    assert "out/processing cannot be written: " in scope.text
    assert "out/archive cannot be written: " in scope.text


def test_a_folder_that_is_missing_is_named(open_client: Any) -> None:
    found = told(open_client(pick_up_folder="nowhere"))
    assert found["scope"].text == "nowhere cannot be read: The server has no nowhere."
    assert found["clock"].passed is True


def test_a_wrong_password_leaves_the_folders_untried(open_client: Any) -> None:
    found = told(open_client(secrets={"password": "wrong 5up3r-hidden"}))
    assert verdicts(found) == [True, None, False, None, None]
    assert found["key"].text == "127.0.0.1 refused the password of portal."
    assert "5up3r-hidden" not in repr(found)


def test_a_clock_ten_minutes_off_is_told_by_the_time_of_a_file(client: FilesClient) -> None:
    ours = datetime.fromtimestamp(int(datetime.now(UTC).timestamp()) + 600, UTC)
    with clock.freeze(ours):
        found = told(client)
    assert found["clock"].passed is False
    assert "min behind our clock" in found["clock"].text


def test_discovering_moves_no_file_and_leaves_none(server: Server) -> None:
    for kind in ("945", "846", "997"):
        body = interchange(kind) if kind != "997" else b"no X12 at all"
        server.put(f"{kind}.edi", body)
    before = everything(server)
    found = {f.object_type: f for f in discover(CONNECTOR, to_server(server))}
    assert everything(server) == before
    assert sorted(path.name for path in server.root.rglob("*") if path.is_dir()) == ["in", "out"]
    assert set(found) == {"shipment", "inventory"}
    assert found["shipment"].stream == "files"
    assert found["shipment"].error == ""
    assert len(found["shipment"].documents) == 1
    assert found["shipment"].samples[0].startswith(b"ISA*")


def test_a_folder_that_cannot_be_read_is_an_error_of_its_stream(server: Server) -> None:
    [found] = discover(CONNECTOR, to_server(server, pick_up_folder="nowhere"))
    assert (found.stream, found.error) == ("files", "The server has no nowhere.")
