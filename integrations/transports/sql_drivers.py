"""The databases that can be connected: their drivers, and what SQL Server's and Oracle's are told.

Those two drivers are extras of the installation: nothing needs them where no such database is connected.
"""

import ssl
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, NamedTuple

from sqlalchemy import URL

from integrations.transports import certificate, oracle_sockets
from portal.core.errors import NeedsCredentials

DRIVERS: Final = {
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mysql+pymysql": "mysql+pymysql",
    "mariadb+pymysql": "mariadb+pymysql",
    "mssql": "mssql+pyodbc",
    "mssql+pyodbc": "mssql+pyodbc",
    "oracle": "oracle+oracledb",
    "oracle+oracledb": "oracle+oracledb",
    "sqlite": "sqlite",
}
PORTS: Final = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433, "oracle": 1521}
# Options of an address. Others could name files of ours or switch off what is set here.
_SHARED: Final = frozenset({"host", "port", "sslmode", "charset"})
_OPTIONS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "mssql": {"encrypt": ("yes", "strict", "no")},
    "oracle": {"protocol": ("tcp", "tcps")},
}
ODBC_DRIVER: Final = "ODBC Driver 18 for SQL Server"


class Extra(NamedTuple):
    """A driver that is not there by itself. `besides`: what else has to be installed."""

    database: str
    module: str
    name: str
    besides: str = ""


EXTRAS: Final = {
    "mssql": Extra(
        "SQL Server", "pyodbc", "mssql", f", besides unixODBC and Microsoft's “{ODBC_DRIVER}”"
    ),
    "oracle": Extra("Oracle", "oracledb", "oracle"),
}


def must_be_installed(url: URL) -> None:
    """NeedsCredentials (`bad_address`) that says what to install."""
    extra = EXTRAS.get(url.get_backend_name())
    if extra is None:
        return
    try:
        import_module(extra.module)
    except ImportError as error:  # it is missing, or a library below it
        text = (
            f"The driver for {extra.database} is not installed here. Whoever runs this installation adds"
            f" the Python package {extra.module} (the extra {extra.name}){extra.besides}."
        )
        raise NeedsCredentials(text, code="bad_address") from error
    if extra.name == "oracle":
        oracle_sockets.install()


def strange_option(url: URL) -> str:
    """What is wrong with the options of an address, in a sentence; "" for nothing."""
    own = _OPTIONS.get(url.get_backend_name(), {})
    known = {"host", "port", *own} if own else _SHARED
    for name, value in sorted(url.query.items()):
        if name not in known:
            return f"The option {name} is not allowed."
        if name in own and value not in own[name]:
            return f"The option {name} is one of {', '.join(own[name])}."
    return ""


class Way(NamedTuple):
    """`host` as it was entered, the judged `address` behind it, and how long a connection may take."""

    host: str
    address: str
    password: str
    seconds: int


def odbc_string(url: URL, way: Way) -> str:
    """What ODBC is told for SQL Server: the connection goes to a judged address, and the certificate has to
    be one for the name that was entered. Each value stands in braces, so that it ends where it ends."""
    encrypt = str(url.query.get("encrypt") or "yes")
    port = url.port or int(str(url.query.get("port") or PORTS["mssql"]))
    said = {
        "Driver": ODBC_DRIVER,
        "Server": f"tcp:{way.address},{port}",
        "Database": url.database or "master",
        "UID": url.username or "",
        "PWD": way.password,
        "Encrypt": encrypt,
        "TrustServerCertificate": "no",
        "ConnectRetryCount": "0",
        "Connection Timeout": str(way.seconds),
    }
    if encrypt != "no":
        said["HostNameInCertificate"] = way.host
    return ";".join(f"{name}={_braced(value)}" for name, value in said.items())


def _braced(value: str) -> str:
    if "\0" in value:
        raise NeedsCredentials("The database address holds a zero byte.", code="bad_address")
    return "{" + value.replace("}", "}}") + "}"


def oracle_arguments(url: URL, way: Way) -> dict[str, Any]:
    """What python-oracledb is told, in its thin mode: it needs no client of Oracle's."""
    protocol = str(url.query.get("protocol") or "tcp")
    oracle_sockets.expect(way.address)
    found: dict[str, Any] = {
        "host": way.address,
        "port": url.port or int(str(url.query.get("port") or PORTS["oracle"])),
        "service_name": url.database or "",
        "user": url.username or "",
        "password": way.password,
        "protocol": protocol,
        "tcp_connect_timeout": float(way.seconds),
        "retry_count": 0,
    }
    if protocol == "tcps":
        found |= {"ssl_context": _named(way.host), "ssl_server_dn_match": False}
    return found


class _Named(ssl.SSLContext):
    """Judges a certificate by the name that was entered, wherever the connection goes. The driver, which
    knows the address only, cannot switch that off."""

    name = ""

    def wrap_socket(self, sock: Any, *args: Any, **named: Any) -> ssl.SSLSocket:
        return super().wrap_socket(sock, *args, **{**named, "server_hostname": self.name})

    @property
    def check_hostname(self) -> bool:
        return True

    @check_hostname.setter
    def check_hostname(self, _: bool) -> None:
        """It stays as a context for clients has it."""


def _named(host: str) -> ssl.SSLContext:
    made = _Named(ssl.PROTOCOL_TLS_CLIENT)
    made.load_verify_locations(cafile=certificate.AUTHORITIES)
    made.name = host
    return made


def _begin_mssql(connection: Any, seconds: int) -> None:
    connection.timeout = seconds
    # Dates as text are read alike, and errors said in English, whatever the login's language is.
    _say(connection, "SET LANGUAGE us_english; SET DATEFORMAT ymd; SET LOCK_TIMEOUT 10000")


def _begin_oracle(connection: Any, seconds: int) -> None:
    connection.call_timeout = seconds * 1000
    _say(
        connection,
        "ALTER SESSION SET TIME_ZONE = '+00:00' NLS_DATE_FORMAT = 'YYYY-MM-DD HH24:MI:SS'"
        " NLS_TIMESTAMP_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF'"
        " NLS_TIMESTAMP_TZ_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM' NLS_NUMERIC_CHARACTERS = '.,'"
        " NLS_LANGUAGE = 'AMERICAN'",
    )


# What a new session is told, and how long its statements may run.
SESSIONS: Final[dict[str, Callable[[Any, int], None]]] = {
    "mssql": _begin_mssql,
    "oracle": _begin_oracle,
}


def _say(connection: Any, statement: str) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute(statement)
    finally:
        cursor.close()
    connection.commit()
