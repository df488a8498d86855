"""The warehouse's SFTP server: who comes in, what they see, and what they may do with files."""

import socket
import stat

import paramiko
import pytest

from tests.sandbox.warehouse_documents import order_body, order_file


def test_an_outage_refuses_sftp_and_ends_by_itself(warehouse, portal, eventually) -> None:
    first = portal(warehouse)
    warehouse.misbehave(outage=0.6)
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", warehouse.sftp_port), timeout=1)
    eventually(lambda: not first.transport.is_active())

    def open_again() -> bool:
        try:
            socket.create_connection(("127.0.0.1", warehouse.sftp_port), timeout=1).close()
        except OSError:
            return False
        return True

    eventually(open_again)
    assert portal(warehouse).sftp.listdir("/in/archive") == []


def test_the_host_key_stays_over_restarts_and_differs_when_asked(start_warehouse, portal) -> None:
    warehouse = start_warehouse()
    pinned = portal(warehouse).transport.get_remote_server_key()
    warehouse.kill()
    warehouse = start_warehouse()
    assert portal(warehouse).transport.get_remote_server_key() == pinned
    warehouse.misbehave(wrong_host_key=True)
    assert portal(warehouse).transport.get_remote_server_key() != pinned
    warehouse.misbehave(wrong_host_key=False)
    assert portal(warehouse).transport.get_remote_server_key() == pinned


def test_a_wrong_password_is_refused(warehouse, portal) -> None:
    with pytest.raises(paramiko.AuthenticationException):
        portal(warehouse, password="wrong")


def test_only_the_authorized_key_opens_the_door(start, tmp_path, portal) -> None:
    good, other = paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()
    (tmp_path / "keys").write_text(f"{good.get_name()} {good.get_base64()} portal\n")
    system = start(
        *("warehouse", "--root", str(tmp_path / "wms"), "--user", "portal"),
        *("--authorized-key", str(tmp_path / "keys"), "--host-key", str(tmp_path / "host.key")),
    )
    assert portal(system, pkey=good).sftp.listdir("/") != []
    with pytest.raises(paramiko.AuthenticationException):
        portal(system, pkey=other)


def test_the_client_sees_its_folders_and_not_the_books_or_the_machine(warehouse, portal) -> None:
    sftp = portal(warehouse).sftp
    assert sorted(sftp.listdir("/")) == ["in", "out"]
    for path in ("/.state/books.sqlite", "/../host.key", "/etc/passwd"):
        with pytest.raises(OSError):
            sftp.stat(path)


def test_claiming_by_rename_and_archiving_work_over_sftp(warehouse, portal, eventually) -> None:
    one = portal(warehouse)
    warehouse.post("inventory", {"skus": ["MUG-12"]})
    eventually(lambda: one.files("846"))
    name = next(n for n in one.sftp.listdir("/out") if n.startswith("846_"))
    one.sftp.mkdir("/out/processing")
    one.sftp.rename(f"/out/{name}", f"/out/processing/{name}.w1")
    with pytest.raises(OSError):
        one.sftp.rename(f"/out/{name}", f"/out/processing/{name}.w2")
    one.sftp.mkdir("/out/archive/2026")
    one.sftp.posix_rename(f"/out/processing/{name}.w1", f"/out/archive/2026/{name}")
    size = one.sftp.stat(f"/out/archive/2026/{name}").st_size
    assert size == len(one.read(f"/out/archive/2026/{name}"))
    assert stat.S_ISDIR(one.sftp.stat("/out/archive").st_mode or 0)


def test_files_that_are_not_finished_are_left_alone(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    for name in ("/in/a.edi.tmp", "/in/.b.edi"):
        with sftp.sftp.open(name, "wb") as file:
            file.write(order_file(1, order_body("SO-HALF")).encode())
    sftp.drop("940_2.edi", order_file(2, order_body("SO-2")))
    eventually(lambda: sftp.files("945"))
    assert warehouse.effects()["orders"] == {"SO-2": 1}
    assert {"a.edi.tmp", ".b.edi"} <= set(sftp.sftp.listdir("/in"))
