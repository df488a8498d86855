"""`python -m tests.counterparts.pyas2lib_install`: pyas2lib in an environment of its own, never in ours.

It is GPL: it runs as another process, is imported by nothing of ours, and is no dependency.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

WANTED = "pyas2lib==1.4.3"
HOME = Path(os.environ.get("CROSSDOCK_COUNTERPARTS", Path(tempfile.gettempdir()) / "counterparts"))
PYTHON = HOME / "pyas2lib" / "bin" / "python"


def install() -> None:
    """Make the environment, unless it is there and works."""
    if works():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(PYTHON.parents[1])], check=True)
    subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", WANTED], check=True)
    mend(PYTHON.parents[1])
    if not works():
        raise SystemExit("pyas2lib is installed and cannot be imported.")


def works() -> bool:
    """Whether it can be imported there."""
    if not PYTHON.exists():
        return False
    return (
        subprocess.run([str(PYTHON), "-c", "import pyas2lib"], capture_output=True).returncode == 0
    )


def mend(environment: Path) -> None:
    """oscrypto 1.3.0, on which it stands, cannot read the version of an OpenSSL 3.0.10 or later."""
    for file in environment.rglob("oscrypto/_openssl/_libcrypto_c*.py"):
        text = file.read_text()
        file.write_text(
            re.sub(re.escape(r"\\d\\.\\d\\.\\d[a-z]*"), lambda _: r"\\d+\\.\\d+\\.\\d+[a-z]*", text)
        )


if __name__ == "__main__":
    install()
    print(f"{WANTED} works in {PYTHON.parents[1]}")
