"""The installation's database: the embedded server, watched, or the one DATABASE_URL names."""

import contextlib
import os
import socket
import time
from pathlib import Path

import psycopg

from portal import embedded, env
from portal.demo.trouble import DemoError

ERP = "demo_erp"  # a database and its only login: the stand-in for a distributor's ERP
_LOOK_EVERY = 0.5


class Database:
    """The server, and the address of the ERP's database on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.external = bool(os.environ.get("DATABASE_URL"))
        self._place: embedded.Place | None = None
        self._looked = 0.0

    def start(self) -> None:
        """Have a server that answers. DemoError says why there is none."""
        try:
            self._place = None if self.external else embedded.find_place(_name())
            self.url = env.database_url()
            with psycopg.connect(self.url, connect_timeout=10, autocommit=True) as connection:
                if not self.external:
                    _make_erp(connection)
        except (embedded.EmbeddedDatabaseError, env.UnfitSettingError) as error:
            raise DemoError(str(error)) from error
        except (psycopg.Error, ValueError) as error:
            raise DemoError(f"The database does not answer: {str(error).strip()}") from error

    def stop(self) -> str:
        """Stop the embedded server. Returns why it runs on, if it does."""
        place, self._place = self._place, None
        if place is None:
            return ""
        try:
            stopped = embedded.leave(place, patience=embedded.LEAVING)
        except embedded.EmbeddedDatabaseError as error:
            return f"The database did not stop: {error}"
        return "" if stopped else "The database runs on: another process still uses it."

    @property
    def erp_url(self) -> str:
        """Where the ERP's tables are. A server that is not ours is not given a second database."""
        if self._place is None:
            return f"sqlite:///{self.folder / 'erp.sqlite'}"
        return f"postgresql://{ERP}@/{ERP}?host={self._place.sockets}"

    @property
    def erp_file(self) -> str:
        """What of this machine the product has to be allowed to open for the ERP."""
        return str(self._place.sockets if self._place else self.folder / "erp.sqlite")

    def look_after(self) -> str:
        """Start the embedded server again when it is gone. Returns what happened, if anything."""
        if self._place is None or time.monotonic() - self._looked < _LOOK_EVERY:
            return ""
        self._looked = time.monotonic()
        if _listens(self._place):
            return ""
        try:
            embedded.ensure_running(name=_name())
        except embedded.EmbeddedDatabaseError as error:
            return f"the database does not start yet: {error}"
        return "the database was gone and runs again"

    def has_partner(self, partner: str) -> bool:
        """Whether the partner is open in this database."""
        with psycopg.connect(self.url, connect_timeout=10) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_namespace WHERE nspname = %s", [partner]
            ).fetchone()
        return found is not None

    def known_products(self, partner: str) -> int:
        """How many products the hub of a partner knows."""
        with psycopg.connect(self.url, connect_timeout=10) as connection:
            row = connection.execute(
                f'SELECT count(*) FROM "{partner}".integrations_record WHERE object_type = %s',
                ["product"],
            ).fetchone()
        return int(row[0]) if row else 0


def _listens(place: embedded.Place) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        probe.connect(str(place.sockets / ".s.PGSQL.5432"))
        return True
    return False


def _name() -> str:
    return os.environ.get("CROSSDOCK_EMBEDDED", "main")


def _make_erp(connection: psycopg.Connection) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ERP]).fetchone()
    if not found:
        connection.execute(f"CREATE ROLE {ERP} LOGIN")
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ERP]).fetchone()
    if not found:
        connection.execute(f"CREATE DATABASE {ERP} OWNER {ERP}")
