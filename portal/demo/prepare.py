"""Make the virtual environment and install the pinned packages, with words a first-time user can act on.

Runs before anything is installed, and on Pythons that are too old for the rest: standard library only,
and no syntax that Python 3.7 cannot read (so no `list[str]` in a signature).
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = ROOT / ".venv"
OLDEST = (3, 11)
NEEDED_MEGABYTES = 1000
RUNTIME = "requirements.txt"  # requirements-dev.txt holds all of it at the same versions
PACKAGE_FOUND = ("Collecting ", "Requirement already satisfied: ")


class CannotPrepareError(Exception):
    """Why it cannot go on; the text says what to do."""


def check_python(version: tuple, executable: str) -> None:
    """Refuse an interpreter that is too old for the product."""
    if tuple(version[:2]) < OLDEST:
        raise CannotPrepareError(
            f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, and {executable} is"
            f" {version[0]}.{version[1]}. Install a newer one, or name it: make demo PYTHON=python3.12"
        )


def check_modules(find: Callable = importlib.util.find_spec) -> None:
    """Refuse an interpreter without the modules that make a virtual environment."""
    if any(find(name) is None for name in ("venv", "ensurepip")):
        raise CannotPrepareError(
            "This Python cannot make a virtual environment: its venv module is not installed."
            " On Debian and Ubuntu: apt-get install python3-venv"
        )


def check_space(folder: Path, free_megabytes: int) -> None:
    """Refuse a disk that the packages and the database would fill."""
    if free_megabytes < NEEDED_MEGABYTES:
        raise CannotPrepareError(
            f"The disk under {folder} has {free_megabytes} MB free, and {NEEDED_MEGABYTES} MB are"
            " needed. Free some space and run it again."
        )


def is_installed(requirements: str) -> bool:
    """Whether exactly this requirements file was installed last."""
    stamp = _stamp(requirements)
    has_python = (ENVIRONMENT / "bin" / "python").exists()
    return has_python and stamp.exists() and stamp.read_text() == _digest(requirements)


def install(requirements: str) -> None:
    """Bring the virtual environment to what the requirements file says."""
    if is_installed(requirements):
        return
    check_modules()
    check_space(ROOT, shutil.disk_usage(ROOT).free // 2**20)
    _make_environment()
    _install_packages(requirements)
    for name in {requirements, RUNTIME}:
        _stamp(name).write_text(_digest(name))


def _make_environment() -> None:
    if (ENVIRONMENT / "bin" / "python").exists():
        return
    print("Making the virtual environment .venv", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
    if subprocess.run(command, check=False).returncode:
        raise CannotPrepareError("The virtual environment could not be made; see the lines above.")


def _install_packages(requirements: str) -> None:
    lines = (ROOT / requirements).read_text().splitlines()
    count = sum(line[:1].isalnum() for line in lines)
    print(f"Installing {count} packages; the first time takes a few minutes", flush=True)
    command = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "--no-input"]
    command += ["--disable-pip-version-check", "--require-hashes", "-r", requirements]
    pip = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    last_lines = _show_progress(pip.stdout or (), count)
    if pip.wait():
        raise CannotPrepareError("The packages could not be installed:\n" + "".join(last_lines))


def _show_progress(lines: Iterable, count: int) -> list:
    """Turn pip's words into a counter; returns the last lines, for a failure."""
    number = 0
    kept: list = []
    for line in lines:
        kept = [*kept[-11:], line]
        if line.startswith(PACKAGE_FOUND):
            number += 1
            if number % 10 == 0 or number == count:
                print(f"  {number} of {count}", flush=True)
        elif line.startswith("Installing collected"):
            print("  all are here; unpacking", flush=True)
    return kept


def _stamp(requirements: str) -> Path:
    return ENVIRONMENT / f"{requirements}.installed"


def _digest(requirements: str) -> str:
    return hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()


def main() -> None:
    """`python3 -m portal.demo.prepare [requirements-dev.txt]`."""
    os.environ.pop("PYTHONPATH", None)  # the caller's packages are not ours
    try:
        check_python(tuple(sys.version_info), sys.executable)
        install(sys.argv[1] if len(sys.argv) > 1 else RUNTIME)
    except (CannotPrepareError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
