"""`python -m tests.counterparts.mock_sap_install`: mock-sap in an environment of its own, never in ours."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

WANTED = "mock-sap==0.22.0"
HOME = Path(os.environ.get("CROSSDOCK_COUNTERPARTS", Path(tempfile.gettempdir()) / "counterparts"))
PROGRAM = HOME / "mock-sap" / "bin" / "mock-sap"


def install() -> None:
    """Make the environment, unless it is there and works."""
    if works():
        return
    home = PROGRAM.parents[1]
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
    subprocess.run(
        [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", WANTED], check=True
    )
    if not works():
        raise SystemExit("mock-sap is installed and cannot be started.")


def works() -> bool:
    """Whether it can be started there."""
    if not PROGRAM.exists():
        return False
    return subprocess.run([str(PROGRAM), "--version"], capture_output=True).returncode == 0


if __name__ == "__main__":
    install()
    print(f"{WANTED} works in {PROGRAM.parents[1]}")
