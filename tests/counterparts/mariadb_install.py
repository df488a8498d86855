"""MariaDB, whose procedures and tables are a customer's old ERP."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import pymysql

from tests.counterparts.installing import DebianPackages

COUNTERPART = DebianPackages(
    name="mariadb",
    version="10.11",
    packages=(
        "mariadb-server-core",
        "mariadb-server",
        "mariadb-client-core",
        "liburing2",
        "libaio1",
    ),
    told=("usr/sbin/mariadbd", "--version"),
)
ROOT = COUNTERPART.folder


@contextmanager
def server(folder: Path, *, port: int) -> Iterator[str]:
    """A server of its own on loopback; its address for SQLAlchemy. A user `erp` owns the database `erp`."""
    libraries = ":".join(sorted({str(one.parent) for one in ROOT.rglob("*.so*")}))
    environment = {**os.environ, "LD_LIBRARY_PATH": libraries}
    usual = [
        "--no-defaults", f"--datadir={folder / 'data'}", f"--basedir={ROOT / 'usr'}", "--user=root",
        f"--lc-messages-dir={ROOT / 'usr/share/mysql'}",
    ]  # fmt: skip
    (folder / "data").mkdir()
    share = ROOT / "usr/share/mysql"
    script = "CREATE DATABASE mysql;\nUSE mysql;\n" + "".join(
        (share / name).read_text()
        for name in ("mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql")
    )  # fmt: skip
    program = str(next(ROOT.rglob("sbin/mariadbd")))
    subprocess.run(
        [program, *usual, "--bootstrap"], input=script.encode(), env=environment, check=True,
        capture_output=True,
    )  # fmt: skip
    first = folder / "first.sql"
    first.write_text(
        "FLUSH PRIVILEGES;\nCREATE DATABASE erp;\nCREATE USER erp@'127.0.0.1';\n"
        "GRANT ALL ON erp.* TO erp@'127.0.0.1';\n"
    )
    running = subprocess.Popen(
        [program, *usual, "--bind-address=127.0.0.1", f"--port={port}", f"--init-file={first}",
         f"--socket={folder / 's'}", f"--pid-file={folder / 'pid'}", "--skip-name-resolve"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _await(port)
        yield f"mariadb+pymysql://erp@127.0.0.1:{port}/erp"
    finally:
        running.terminate()
        running.wait(20)


def _await(port: int) -> None:
    for _ in range(100):
        try:
            pymysql.connect(host="127.0.0.1", port=port, user="erp", database="erp").close()
            return
        except pymysql.Error:
            sleep(0.1)
    raise RuntimeError("MariaDB does not answer.")
