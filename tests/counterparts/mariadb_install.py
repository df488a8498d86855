"""MariaDB and its driver, which is added to the path of the one test that speaks to it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from tests.counterparts.installing import DebianPackages, run

DRIVER = "pymysql==1.2.4"


@dataclass(frozen=True, kw_only=True)
class MariaDb(DebianPackages):
    @property
    def drivers(self) -> Path:
        return self.folder / "py"

    def works(self) -> bool:
        return (self.drivers / "pymysql").exists() and super().works()

    def make(self) -> None:
        super().make()
        run(
            sys.executable, "-m", "pip", "install", "--quiet", "--target", str(self.drivers), DRIVER
        )


COUNTERPART = MariaDb(
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
ROOT, DRIVERS = COUNTERPART.folder, COUNTERPART.drivers


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
    import pymysql

    for _ in range(100):
        try:
            pymysql.connect(host="127.0.0.1", port=port, user="erp", database="erp").close()
            return
        except pymysql.Error:
            sleep(0.1)
    raise RuntimeError("MariaDB does not answer.")
