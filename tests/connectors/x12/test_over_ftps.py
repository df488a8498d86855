"""The same warehouse over FTPS: chosen in the settings, told by the connection test, used both ways."""

import ssl
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from integrations.connectors import registry
from integrations.connectors.edi_files.client import FilesClient
from integrations.views.settings_form import SettingsForm
from portal.core.errors import Permanent
from tests.certificate_maker import Authority
from tests.connectors.conformance import connection
from tests.connectors.x12.test_files import FILE, pick_up
from tests.transports.logins import PASSWORD, USER
from tests.transports.places import FtpPlace, ftp_place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[FtpPlace]:
    (tmp_path / "files").mkdir()
    (tmp_path / "authority").mkdir()
    with ftp_place(tmp_path / "files", Authority(tmp_path / "authority")) as made:
        yield made


def client(place: FtpPlace, *, password: str = PASSWORD, **changed: Any) -> FilesClient:
    settings = {
        "protocol": "ftps", "host": "localhost", "port": place.port, "user": USER,
        "authority": place.authority.path.read_text().splitlines(),
        "own_id": "PORTAL", "partner_id": "NWIND3PL", "usage": "T",
    }  # fmt: skip
    made = FilesClient(
        connection(
            registry.get("x12"), settings={**settings, **changed}, secrets={"password": password}
        )
    )
    place.keep(made._session)
    return made


def test_files_go_both_ways(place: FtpPlace) -> None:
    ours = client(place)
    place.put("out/945.edi", FILE)
    page = pick_up(ours)
    assert [document.body for document in page.documents] == [FILE]
    page.after_stored()
    assert place.names("out/archive/2026/03/03") == ["945.edi"]
    assert ours.put_file("940.edi", FILE)["status"] == "written"
    assert place.body("in/940.edi") == FILE


def test_the_connection_test_tells_what_the_certificate_is(place: FtpPlace) -> None:
    checks = list(client(place).test_connection())
    assert [(c.name, c.passed) for c in checks] == [
        ("host", True), ("tls", True), ("key", True), ("scope", True), ("clock", True),
    ]  # fmt: skip
    assert "good for this host" in checks[1].text
    pem = Path(place.certificate).read_text().partition("-----END CERTIFICATE-----")
    pin = sha256(ssl.PEM_cert_to_DER_cert("".join(pem[:2]) + "\n")).hexdigest()
    checks = list(client(place, authority=[], fingerprint=pin).test_connection())
    assert "the one that was pinned" in checks[1].text


@pytest.mark.parametrize(
    "changed", [{"authority": []}, {"fingerprint": "ab" * 32}], ids=["unknown", "another"]
)
def test_another_certificate_fails_before_the_login(place: FtpPlace, changed: Any) -> None:
    checks = list(client(place, **changed).test_connection())
    assert [c.passed for c in checks] == [True, False, None, None, None]
    assert "authority" in checks[1].remedy


def test_a_wrong_password_fails_behind_a_good_certificate(place: FtpPlace) -> None:
    checks = list(client(place, password="wrong 9").test_connection())
    assert [c.passed for c in checks] == [True, True, False, None, None]


def test_without_tls_goes_only_what_has_a_reason(tmp_path: Path) -> None:
    (tmp_path / "authority").mkdir()
    authority = Authority(tmp_path / "authority")
    (tmp_path / "files").mkdir()
    with ftp_place(tmp_path / "files", authority, names=()) as plain:
        with pytest.raises(Permanent) as caught:
            client(plain).put_file("940.edi", FILE)
        assert caught.value.code == "tls"
        ours = client(plain, plain_because="the scale in the hall")
        checks = list(ours.test_connection())
        assert [c.passed for c in checks] == [True, None, True, True, True]
        assert "the scale in the hall" in checks[1].text


@pytest.mark.parametrize(
    ("entered", "missing"),
    [({}, True), ({"protocol": "sftp"}, True), ({"protocol": "ftps"}, False)],
)
def test_a_host_key_is_wanted_for_sftp_and_only_there(entered: Any, missing: bool) -> None:
    form = SettingsForm(entered, connector=registry.get("x12"), settings={})
    assert ("host_key" in form.errors) is missing


def test_a_certificate_that_is_none_is_told_in_the_form() -> None:
    entered = {"protocol": "ftps", "fingerprint": "abc", "authority": "no PEM"}
    form = SettingsForm(entered, connector=registry.get("x12"), settings={})
    assert "64 digits" in form.errors["fingerprint"][0]
    assert "PEM" in form.errors["authority"][0]
