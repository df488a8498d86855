"""Places where files lie, and the engine's side of an endpoint over each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from portal.core import guard
from tests.connectors.conformance import connection
from tests.connectors.x12.server import Server
from tests.transports import s3_server
from tests.transports.places import FolderPlace, S3Place, SftpPlace

CONNECTOR = registry.get("files")


@pytest.fixture
def allowed(tmp_path: Path) -> Iterator[Path]:
    """The only folder of this machine that may be opened."""
    from django.conf import settings

    folder = tmp_path / "allowed"
    folder.mkdir()
    guard.set_allowed_files(lambda: [str(folder)])
    yield folder
    guard.set_allowed_files(lambda: settings.ALLOWED_FILES)


def agreed(*, secrets: dict[str, str] | None = None, **settings: Any) -> Connection:
    return connection(CONNECTOR, settings=settings, secrets=secrets or {})


@pytest.fixture
def open_client() -> Iterator[Callable[..., Any]]:
    """Clients, each with a worker's name of its own."""
    made: list[Any] = []

    def open_(to: Connection) -> Any:
        made.append(CONNECTOR.client(to))
        return made[-1]

    yield open_
    for client in made:
        client.close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server("pw")
    yield made
    made.close()


def _in_folder(place: FolderPlace) -> Connection:
    return agreed(protocol="folder", root=str(place.root))


def _in_bucket(place: S3Place) -> Connection:
    return agreed(
        protocol="bucket", url=place.store.address, bucket=s3_server.BUCKET,
        region=s3_server.REGION, prefix=place.prefix, user=s3_server.KEY_ID,
        plain_because="a test on this machine", secrets={"password": s3_server.SECRET},
    )  # fmt: skip


def _on_server(place: SftpPlace) -> Connection:
    return agreed(**place.server.address, secrets={"password": "pw"})


@pytest.fixture(params=["folder", "bucket", "sftp"])
def place(request: pytest.FixtureRequest, allowed: Path) -> Iterator[tuple[Any, Connection]]:
    """A place as its partner sees it, and the connection to it."""
    if request.param == "folder":
        folder = FolderPlace(allowed)
        yield folder, _in_folder(folder)
    elif request.param == "bucket":
        bucket = S3Place()
        bucket.put("out/.keep", b"")
        yield bucket, _in_bucket(bucket)
        bucket.close()
    else:
        sftp = SftpPlace()
        yield sftp, _on_server(sftp)
        sftp.close_sessions()
        sftp.server.close()
