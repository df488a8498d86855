"""`python -m tests.counterparts.django_pyas2_install`: django-pyas2 in an environment of its own, never in ours.

It is GPL: it runs as another process, is imported by nothing of ours, and is no dependency.
"""

import subprocess
import sys

from tests.counterparts.pyas2lib_install import HOME, mend

WANTED = ("django-pyas2==1.2.3", "gunicorn")
PLACE = HOME / "django-pyas2"
PYTHON = PLACE / "bin" / "python"


def install() -> None:
    """Make the environment, unless it is there and works."""
    if works():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(PLACE)], check=True)
    subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", *WANTED], check=True)
    mend(PLACE)
    if not works():
        raise SystemExit("django-pyas2 is installed and cannot be imported.")


def works() -> bool:
    """Whether it can be imported there."""
    if not PYTHON.exists():
        return False
    tried = [str(PYTHON), "-c", "import pyas2, pyas2lib, gunicorn"]
    return subprocess.run(tried, capture_output=True).returncode == 0


if __name__ == "__main__":
    install()
    print(f"{WANTED[0]} works in {PLACE}")
