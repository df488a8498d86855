"""`python -m tests.counterparts.dovecot_install`: Dovecot's IMAP server, unpacked into a folder of its own.

Debian's packages are fetched by its own client and unpacked, not installed. Dovecot looks for its parts below
/usr, so it runs where its folder is laid over that, which nobody else sees (a mount namespace).
"""

import os
import subprocess
import tempfile
from pathlib import Path

PACKAGES = ("dovecot-core", "dovecot-imapd")
HOME = Path(os.environ.get("CROSSDOCK_COUNTERPARTS", Path(tempfile.gettempdir()) / "counterparts"))
ROOT = HOME / "dovecot" / "root"
PROGRAM = "/usr/sbin/dovecot"


def install() -> None:
    """Fetch and unpack, unless it is there and works."""
    if works():
        return
    ROOT.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "download", "-q", *PACKAGES], cwd=ROOT.parent, check=True)
    for package in ROOT.parent.glob("*.deb"):
        subprocess.run(["dpkg", "-x", str(package), str(ROOT)], check=True)
    if not works():
        raise SystemExit("Dovecot is unpacked and does not run.")


def command(*arguments: str) -> list[str]:
    """What runs Dovecot with its folder laid over /usr."""
    laid = f'mount -t overlay overlay -o lowerdir={ROOT}/usr:/usr /usr && exec {PROGRAM} "$@"'
    return ["unshare", "-m", "--propagation", "private", "sh", "-c", laid, "sh", *arguments]


def version() -> str:
    """Its version; empty where it is not there, or may not run."""
    if not (ROOT / "usr").exists():
        return ""
    try:
        told = subprocess.run(command("--version"), capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.split()[0] if told.returncode == 0 else ""


def works() -> bool:
    return version() != ""


if __name__ == "__main__":
    install()
    print(f"Dovecot {version()} works in {ROOT}")
