"""An authority of the tests' own, and an FTPS server that is kept for a file of tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.core import guard
from tests.certificate_maker import Authority
from tests.transports.places import FtpPlace, ftp_place


@pytest.fixture(autouse=True)
def _this_machine_may_be_called() -> None:
    guard.set_allowed_networks(lambda: ["127.0.0.0/8", "::1"])


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def ftps_server(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> Iterator[FtpPlace]:
    with ftp_place(tmp_path_factory.mktemp("ftps"), authority) as place:
        yield place


@pytest.fixture
def files_of_this_machine(tmp_path: Path) -> Iterator[Path]:
    """The only folder of this machine that may be opened."""
    from django.conf import settings

    allowed = tmp_path / "allowed"
    allowed.mkdir()
    guard.set_allowed_files(lambda: [str(allowed)])
    yield allowed
    guard.set_allowed_files(lambda: settings.ALLOWED_FILES)
