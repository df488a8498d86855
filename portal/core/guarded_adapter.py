"""Pooled connections that only ever open to an address the guard has judged."""

import socket
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import ConnectionPool, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection

from portal.core.guard import permitted_addresses

_HOSTS: Final = 256
_CONNECTIONS_PER_HOST: Final = 64


def _connect(connection: HTTPConnection) -> socket.socket:
    """Dial a judged address itself, so that no second look-up can lead elsewhere.

    The connection keeps the host's name: TLS verifies that, and the Host header says it.
    """
    failure: OSError | None = None
    for address in permitted_addresses(connection.host):
        try:
            return create_connection(
                (address, connection.port or connection.default_port),
                connection.timeout,
                socket_options=connection.socket_options,
            )
        except OSError as error:
            failure = error
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, "timed out") from failure
    raise NewConnectionError(connection, "failed") from failure


class _GuardedHTTPConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _GuardedHTTPSConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _GuardedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHTTPConnection


class _GuardedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPSConnection


class GuardedAdapter(HTTPAdapter):
    """Never retries by itself: when to try again is the outbox's to decide."""

    def __init__(self) -> None:
        super().__init__(pool_connections=_HOSTS, pool_maxsize=_CONNECTIONS_PER_HOST, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _GuardedHTTPPool,
            "https": _GuardedHTTPSPool,
        }

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> ConnectionPool:
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        # Also on the way to a kept-alive connection: a permission may have been withdrawn.
        permitted_addresses(pool.host)
        return pool
