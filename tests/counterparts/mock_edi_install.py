"""`python -m tests.counterparts.mock_edi_install`: mock-edi in an environment of its own, never in ours."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

WANTED = "mock-edi==0.9.0"
HOME = Path(os.environ.get("CROSSDOCK_COUNTERPARTS", Path(tempfile.gettempdir()) / "counterparts"))
PROGRAM = HOME / "mock-edi" / "bin" / "mock-edi"


def install() -> None:
    """Make the environment, unless it is there and works."""
    if works():
        return
    place = PROGRAM.parents[1]
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", WANTED]
    subprocess.run(pip, check=True)
    if not works():
        raise SystemExit("mock-edi is installed and does not start.")


def works() -> bool:
    """Whether it can be started there."""
    if not PROGRAM.exists():
        return False
    return subprocess.run([str(PROGRAM), "--version"], capture_output=True).returncode == 0


if __name__ == "__main__":
    install()
    print(f"{WANTED} works in {PROGRAM.parents[1]}")
