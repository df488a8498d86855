"""The test database: built once per set of migrations, copied for each run."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from portal import env

PARTNERS = (("kestrel", "Kestrel Point"), ("aurora", "Aurora Systems"))
_ROOT = env.ROOT
_BUILDING = 7_310_577
_DECIDING = ("portal", "integrations", "monitoring", "billing")


def create(name: str) -> None:
    """Make database `name` with both partners open and empty."""
    template = f"crossdock_template_{_fingerprint()}"
    with _server() as connection:
        connection.execute(
            "SELECT pg_advisory_lock(%s)", [_BUILDING]
        )  # one run builds, others wait
        if not _exists(connection, template):
            _build(connection, template)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def drop(name: str) -> None:
    with _server() as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def url_of(name: str) -> str:
    """Where the owner reaches database `name`."""
    return psycopg.conninfo.make_conninfo(env.database_url(), dbname=name)


def _server() -> psycopg.Connection:
    return psycopg.connect(env.database_url(), autocommit=True)


def _exists(connection: psycopg.Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def _build(connection: psycopg.Connection, template: str) -> None:
    for (old,) in connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'crossdock_template_%'"
    ).fetchall():
        connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
    building = f"{template}_building"
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(building)))
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
    commands = [["migrate_partners"]]
    commands += [["open_partner", slug, "--name", name] for slug, name in PARTNERS]
    for command in commands:
        _manage(command, building)
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(building), sql.Identifier(template)
        )
    )


def _manage(command: list[str], name: str) -> None:
    environment = {**os.environ, "CROSSDOCK_DATABASE_NAME": name}
    subprocess.run([sys.executable, "manage.py", *command], cwd=_ROOT, env=environment, check=True)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    files = [p for app in _DECIDING for p in sorted((_ROOT / app).rglob("migrations/*.py"))]
    files += [
        _ROOT / "billing/catalogue/metrics.yaml",
        _ROOT / "portal/accounts/roles.py",
        _ROOT / "portal/tenants/rows.py",
    ]
    files += sorted((_ROOT / "portal/tenants").glob("limited*.py"))
    models = [p for app in _DECIDING for p in sorted((_ROOT / app).rglob("models/*.py"))]
    files += [p for p in models if "OwnFunction(" in p.read_text()]  # what customers may call
    for path in files:
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:12]
