"""The place that was entered, as a session; and which place two endpoints share."""

import posixpath
from typing import Final

from integrations.connectors import account, file_server
from integrations.connectors.connection import Connection
from integrations.connectors.flat_files.settings import BUCKET, FOLDER, FTPS, SFTP
from integrations.connectors.mailbox import MAILBOX, entered
from integrations.transports.bucket import Bucket
from integrations.transports.file_session import FileSession
from integrations.transports.folder import LocalFolder
from integrations.transports.s3 import S3

_USUAL_PORTS: Final = {SFTP: "22", FTPS: "21", MAILBOX: "993"}


def kind_of(connection: Connection) -> str:
    return str(connection.settings.get("protocol") or SFTP)


def bucket_of(connection: Connection) -> Bucket:
    return Bucket(
        endpoint=entered(connection, "url"),
        region=entered(connection, "region"),
        name=entered(connection, "bucket"),
        key_id=entered(connection, "user"),
        secret=connection.secrets.get("password"),
        plain_because=entered(connection, "plain_because"),
    )


def session_of(connection: Connection) -> FileSession:
    """The session with a server, folder or bucket; nothing is opened yet."""
    kind = kind_of(connection)
    if kind == FOLDER:
        return LocalFolder(entered(connection, "root"))
    if kind == BUCKET:
        return S3(bucket_of(connection), prefix=entered(connection, "prefix"))
    return file_server.session_of(connection)


def account_of(connection: Connection) -> str:
    """Place and both folders: one login may serve several partners by folders."""
    kind = kind_of(connection)
    folders = " ".join(
        posixpath.normpath(entered(connection, name) or ".")
        for name in ("drop_folder", "pick_up_folder")
    )
    if kind == FOLDER:
        root = entered(connection, "root")
        return f"{posixpath.normpath(root)} {folders}" if root else ""
    if kind == BUCKET:
        store, name = account.site(entered(connection, "url")), entered(connection, "bucket")
        prefix = entered(connection, "prefix").strip("/")
        return f"{store}/{name}/{prefix} {folders}" if name else ""
    host, port = account.host(entered(connection, "host")), entered(connection, "port")
    if not host:
        return ""
    place = host if port in {"", _USUAL_PORTS.get(kind)} else f"{host}:{port}"
    if kind == MAILBOX:
        folders = entered(connection, "mail_folder")
    return f"{entered(connection, 'user')}@{place} {folders}"
