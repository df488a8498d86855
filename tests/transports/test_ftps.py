"""FTP under TLS against pyftpdlib: what is trusted, what is protected, and each bad twin."""

import hashlib
import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest

from integrations.transports import file_names, ftp
from integrations.transports.file_session import Entry
from integrations.transports.ftps import Ftps
from portal.core import clock, guard
from portal.core.errors import NeedsCredentials, Permanent, Retryable
from portal.core.secrets import Secret
from tests.certificate_maker import Authority
from tests.transports.logins import PASSWORD
from tests.transports.places import FtpPlace, ftp_place


def refusal(kind: type, session: Ftps) -> Any:
    with pytest.raises(kind) as caught:
        session.entries("in")
    assert PASSWORD not in str(caught.value)
    return caught.value


def sha256(path: str) -> str:
    der = ssl.PEM_cert_to_DER_cert(
        Path(path).read_text().split("-----BEGIN EC")[0].split("-----BEGIN PRIV")[0]
    )
    return hashlib.sha256(der).hexdigest()


def test_a_wrong_password_asks_for_credentials(ftps_server: FtpPlace) -> None:
    error = refusal(NeedsCredentials, ftps_server.session(password=Secret("wrong 9")))
    assert error.code == "auth_expired"
    assert "wrong 9" not in str(error)


def test_a_missing_password_is_said_before_it_is_sent(ftps_server: FtpPlace) -> None:
    error = refusal(NeedsCredentials, ftps_server.session(password=None))
    assert str(error) == "User and password are not both set."


@pytest.mark.parametrize("field", ["user", "password"])
def test_a_line_break_in_a_login_is_no_second_command(ftps_server: FtpPlace, field: str) -> None:
    text = "x\r\nNOOP"
    changed = Secret(text) if field == "password" else text
    assert refusal(NeedsCredentials, ftps_server.session(**{field: changed})).code == "auth_expired"


def test_a_certificate_of_an_unknown_authority_is_refused(ftps_server: FtpPlace) -> None:
    error = refusal(Permanent, ftps_server.session(authority=""))
    assert error.code == "tls"
    assert "The certificate of localhost is refused" in str(error)


def test_an_expired_certificate_is_refused(tmp_path: Path, authority: Authority) -> None:
    with ftp_place(tmp_path, authority, days=-1) as place:
        error = refusal(Permanent, place.session())
    assert error.code == "tls"
    assert "expired" in str(error)


def test_a_certificate_for_another_name_is_refused(tmp_path: Path, authority: Authority) -> None:
    with ftp_place(tmp_path, authority, names=("files.example.com",)) as place:
        error = refusal(Permanent, place.session())
    assert error.code == "tls"
    assert "localhost" in str(error)


def test_a_pinned_certificate_counts_whoever_issued_it(
    tmp_path: Path, authority: Authority
) -> None:
    with ftp_place(tmp_path, authority, names=("files.example.com",), days=-1) as place:
        digits = sha256(place.certificate)
        pin = "SHA256:" + ":".join(digits[at : at + 2] for at in range(0, 64, 2)).upper()
        assert place.session(authority="", fingerprint=pin).entries("in") == []
        error = refusal(NeedsCredentials, place.session(fingerprint="ab" * 32))
    assert error.code == "host_key_changed"
    assert digits in str(error)


def test_data_goes_to_the_certificate_of_the_session_only(
    tmp_path: Path, authority: Authority
) -> None:
    other = authority.certificate("files.example.com")
    with ftp_place(tmp_path, authority, "--data-certificate", other) as place:
        assert refusal(Permanent, place.session()).code == "tls"
        pin = sha256(place.certificate)
        error = refusal(NeedsCredentials, place.session(fingerprint=pin))
    assert error.code == "host_key_changed"


def test_a_server_without_tls_gets_no_password(tmp_path: Path, authority: Authority) -> None:
    with ftp_place(tmp_path, authority, names=()) as place:
        error = refusal(Permanent, place.session())
        assert error.code == "tls"
        assert "offers no TLS, so no password was sent" in str(error)
        plain = place.session(plain_because="in our own network, the scale knows no TLS")
        assert plain.entries("in") == []


def test_data_is_protected_and_resumes_the_session(ftps_server: FtpPlace) -> None:
    ftps_server.put("out/b.edi", b"1")
    control = ftp.log_in(ftps_server.login())
    try:
        control.voidcmd("NOOP")
        connection, _ = control.ntransfercmd("RETR out/b.edi")
        with connection:
            assert isinstance(connection, ssl.SSLSocket)
            assert connection.session_reused
            assert connection.recv(10) == b"1"
        control.voidresp()
    finally:
        control.close()


def test_a_server_that_does_not_encrypt_data_is_refused(
    tmp_path: Path, authority: Authority
) -> None:
    with ftp_place(tmp_path, authority, "--refuses", "PROT 536 Not supported.") as place:
        error = refusal(Permanent, place.session())
    assert error.code == "tls"
    assert "does not encrypt what is transferred" in str(error)


def test_another_machine_in_the_answer_to_pasv_is_never_called(
    tmp_path: Path, authority: Authority
) -> None:
    """The server names 127.0.0.9, where somebody listens: nobody comes."""
    with socket.socket() as bait:
        bait.bind(("127.0.0.9", 0))
        bait.listen()
        bait.settimeout(0.2)
        with ftp_place(tmp_path, authority, "--elsewhere", "127.0.0.9") as place:
            place.put("in/b.edi", b"1")
            session = place.session()
            session.open()
            assert session._session.sendcmd("PASV").startswith(
                "227 Entering passive mode (127,0,0,9,"
            )
            assert [entry.name for entry in session.entries("in")] == ["b.edi"]
            assert session.read("in/b.edi", most=5) == b"1"
        with pytest.raises(TimeoutError):
            bait.accept()


def test_a_data_port_of_another_service_is_refused(ftps_server: FtpPlace) -> None:
    session = ftps_server.session()
    session.open()
    session._session.sendcmd = lambda command: "227 Entering passive mode (127,0,0,1,0,25)."
    error = refusal(Permanent, session)
    assert error.code == "refused"
    assert "port 25" in str(error)


def test_a_private_address_is_not_called_without_permission(ftps_server: FtpPlace) -> None:
    guard.set_allowed_networks(tuple)
    assert refusal(Permanent, ftps_server.session()).code == "address_refused"


def test_a_server_that_lists_only_for_people_is_refused(
    tmp_path: Path, authority: Authority
) -> None:
    with ftp_place(tmp_path, authority, "--lacks", "MLSD", "MLST") as place:
        error = refusal(Permanent, place.session())
        with pytest.raises(Permanent, match="RFC 3659"):
            place.session().find("in/b.edi")
    assert error.code == "refused"
    assert "MLSD and MLST (RFC 3659)" in str(error)


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        ("452 Disk full.", Retryable, "unavailable"),
        ("552 Quota exceeded.", Retryable, "unavailable"),
        ("421 Shutting down.", Retryable, "unavailable"),
        ("550 Not allowed.", NeedsCredentials, "folder_missing"),
        ("553 No such names here.", Permanent, "file_name"),
        ("504 Not for this.", Permanent, "refused"),
        ("530 Log in again.", NeedsCredentials, "auth_expired"),
        ("522 Use TLS.", Permanent, "tls"),
        ("999 What.", Retryable, "unavailable"),
    ],
)
def test_an_answer_is_named_by_what_helps(
    tmp_path: Path, authority: Authority, answer: str, kind: type, code: str
) -> None:
    with ftp_place(tmp_path, authority, "--refuses", f"STOR {answer}") as place:
        session = place.session()
        with pytest.raises(kind) as caught:
            session.write("in/b.edi", b"1")
        assert caught.value.code == code
        assert session.entries("in") == []  # the session goes on, or is opened anew


def test_a_line_break_in_a_path_is_no_command(ftps_server: FtpPlace) -> None:
    ftps_server.put("in/b.edi", b"1")
    session = ftps_server.session()
    calls = [
        lambda path: session.write(path, b""),
        lambda path: session.find(path),
        lambda path: session.entries(path),
        lambda path: session.move("in/b.edi", path),
        lambda path: session.replace("in/b.edi", path),
    ]
    for call in calls:
        with pytest.raises(Permanent) as caught:
            call("in/a\r\nDELE in/b.edi")
        assert caught.value.code == "file_name"
    assert ftps_server.body("in/b.edi") == b"1"


def test_a_name_that_is_not_utf8_is_one_unfit_name_among_others(ftps_server: FtpPlace) -> None:
    session = ftps_server.session()
    session.open()
    listing = (
        b"type=file;size=5;modify=20260303160500.123; Gr\xfcn.edi\r\n"
        b"type=dir;modify=20260303160500; below\r\n"
        b"Type=File;Size=7; a; b.edi\r\n"
    )
    session._session.fetch = lambda command, most: listing
    assert session.entries("out") == [
        Entry("Gr\udcfcn.edi", 5, 1772553900),  # 3 Mar 2026 16:05:00 UTC
        Entry("a; b.edi", 7, 0),
    ]
    assert file_names.fault("Gr\udcfcn.edi") == "holds characters nobody can see"


@pytest.mark.parametrize(
    "line", [b"type=file; a.edi", b"type=file;size=x; a", b"type=file;size=1;modify=1; a"]
)
def test_a_file_without_figures_is_refused(ftps_server: FtpPlace, line: bytes) -> None:
    session = ftps_server.session()
    session.open()
    session._session.fetch = lambda command, most: line
    assert refusal(Permanent, session).code == "refused"


def test_a_session_that_ended_while_nothing_happened_is_opened_anew(ftps_server: FtpPlace) -> None:
    session = ftps_server.session()
    session.write("in/b.edi", b"1")
    session._session.sock.shutdown(socket.SHUT_RDWR)
    with clock.freeze(clock.now()) as frozen:
        session._used = frozen.ticks
        frozen.move(30)
        assert session.read("in/b.edi", most=5) == b"1"


def test_nobody_there_is_tried_again_and_a_silent_server_is_a_time_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    login = ftp.Login("127.0.0.1", 1, "u", Secret("p"))
    assert refusal(Retryable, Ftps(login)).code == "unavailable"
    monkeypatch.setattr(ftp, "CONNECT_SECONDS", 0.3)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        login = ftp.Login("127.0.0.1", silent.getsockname()[1], "u", Secret("p"))
        assert refusal(Retryable, Ftps(login)).code == "timeout"


@pytest.mark.parametrize(
    "greeting",
    [
        b"220-and so on\r\n" * 2000,
        b"120 Ready in 5 minutes.\r\n",
        b"421 Too many.\r\n",
        b"",
        b"SSH-2.0\r\n",
    ],
    ids=["endless", "later", "crowded", "cut", "another protocol"],
)
def test_a_greeting_that_is_none_is_tried_again(greeting: bytes) -> None:
    with socket.socket() as odd:
        odd.bind(("127.0.0.1", 0))
        odd.listen()

        def greet() -> None:
            client, _ = odd.accept()
            with client:
                client.sendall(greeting)

        thread = threading.Thread(target=greet)
        thread.start()
        login = ftp.Login("127.0.0.1", odd.getsockname()[1], "u", Secret("p"))
        assert refusal(Retryable, Ftps(login)).code == "unavailable"
        thread.join()


@pytest.mark.parametrize(
    ("text", "fit"),
    [("ab" * 32, True), ("SHA256:" + "AB:" * 31 + "AB", True), ("sha-256 = " + "0f" * 32, True),
     ("ab" * 31, False), ("", False), ("zz" * 32, False)],
)  # fmt: skip
def test_a_fingerprint_is_read_as_people_write_it(text: str, fit: bool) -> None:
    assert (ftp.fingerprint_fault(text) == "") is fit


def test_an_authority_is_a_certificate(authority: Authority) -> None:
    assert ftp.authority_fault(authority.path.read_text()) == ""
    assert "PEM" in ftp.authority_fault("no certificate")
    with pytest.raises(Permanent):
        ftp.log_in(ftp.Login("localhost", 1, "u", Secret("p"), authority="no certificate"))
