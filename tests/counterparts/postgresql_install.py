"""A PostgreSQL of Debian, on a port and with a password, as a customer's old ERP has it."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.counterparts.installing import DebianPackages
from tests.counterparts.running import free_port, running

_PROGRAMS = "usr/lib/postgresql/15/bin"
_USER = "nobody" if os.getuid() == 0 else None  # it refuses to run as root
COUNTERPART = DebianPackages(
    name="postgresql",
    version="15",
    packages=("postgresql-15", "libpq5", "libldap-2.5-0", "libxml2", "libxslt1.1", "libicu72"),
    told=(f"{_PROGRAMS}/postgres", "--version"),
)
PASSWORD = "erp s3cr3t"


@contextmanager
def server() -> Iterator[str]:
    """A server of its own on loopback; its address for SQLAlchemy. The login is `erp` with PASSWORD."""
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    try:
        (folder / "password").write_text(PASSWORD)
        for path in (folder, folder / "password") if _USER else ():
            shutil.chown(path, _USER)
        data, port = folder / "data", free_port()
        first = ("-D", str(data), "-U", "erp", "--auth=scram-sha-256", "--no-sync")
        subprocess.run(
            [COUNTERPART.program(f"{_PROGRAMS}/initdb"), *first, f"--pwfile={folder}/password"],
            check=True, capture_output=True, user=_USER, cwd=folder,
            env={**os.environ, **COUNTERPART.environment},
        )  # fmt: skip
        command = [
            COUNTERPART.program(f"{_PROGRAMS}/postgres"), "-D", str(data), "-p", str(port),
            "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}",
            "-c", "fsync=off", "-c", "jit=off",
        ]  # fmt: skip
        log, environment = folder / "log", COUNTERPART.environment
        with running(command, port=port, log=log, env=environment, user=_USER) as process:
            try:
                yield f"postgresql://erp@127.0.0.1:{port}/postgres"
            finally:
                process.send_signal(signal.SIGINT)  # it does not wait for those who are still there
    finally:
        shutil.rmtree(folder, ignore_errors=True)
