"""An installation of its own, in which the commands of the owner run as they do in real life."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import psycopg
import pytest

from portal import env
from tests import database


class Premises(NamedTuple):
    """One database with the partners Kestrel and Aurora, and a connection of its owner to it."""

    name: str
    owner: psycopg.Connection

    def start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=env.ROOT,
            env={**os.environ, "CROSSDOCK_DATABASE_NAME": self.name},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def manage(self, *command: str) -> tuple[int, list[str], str]:
        """Its return code, its lines in order of the alphabet, and what it complained of."""
        running = self.start(*command)
        out, err = running.communicate(timeout=60)
        return running.returncode, sorted(out.splitlines()), err

    def rows(self, statement: str, *values: object) -> list[tuple]:
        return self.owner.execute(statement, values).fetchall()

    def traces(self, slug: str) -> list[tuple]:
        """Everything in the database that belongs to the partner."""
        return self.rows(
            "SELECT 'schema', nspname FROM pg_namespace WHERE nspname = %s"
            " UNION ALL SELECT 'partner', schema_name FROM tenants_partner WHERE schema_name = %s"
            " UNION ALL SELECT 'domain', domain FROM tenants_domain WHERE domain LIKE %s"
            " UNION ALL SELECT 'lane', kind FROM jobs_wake WHERE schema = %s",
            slug, slug, f"{slug}.%", slug,
        )  # fmt: skip

    def sessions(self) -> int:
        """How many others are connected."""
        (found,) = self.rows(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )
        return found[0]

    def waiting(self) -> int:
        """How many wait for a table."""
        (found,) = self.rows(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE datname = current_database() AND NOT granted"
        )
        return found[0]


@pytest.fixture
def premises() -> Iterator[Premises]:
    name = f"crossdock_premises_{os.getpid()}"
    database.create(name)
    with psycopg.connect(database.url_of(name), autocommit=True) as owner:
        yield Premises(name, owner)
    database.drop(name)


def until(happened: Callable[[], bool]) -> None:
    """Wait for it, for at most thirty seconds."""
    for _ in range(600):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")
