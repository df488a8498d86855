"""A counterpart is a system that we did not write, installed into a folder of its own, never into ours.

Below HOME each has a folder of its name: an environment of Python, or a folder of npm. What runs there
is another process and imported by nothing of ours, so that its licence is none of our business.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HOME = Path(os.environ.get("CROSSDOCK_COUNTERPARTS", Path(tempfile.gettempdir()) / "counterparts"))
_PINNED = "import importlib.metadata as found; assert found.version({!r}) == {!r}"


class NotInstalledError(Exception):
    """It cannot be installed, or does not work once it is; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Counterpart(ABC):
    """One system: which version, and whether it is there within a minute or two (quick) or takes longer."""

    name: str
    version: str
    quick: bool = True

    @property
    def folder(self) -> Path:
        return HOME / self.name

    @abstractmethod
    def works(self) -> bool:
        """Whether this very version is there and does what it was installed for."""

    def install(self) -> None:
        """Install it, unless it works already. Raises NotInstalledError."""
        if self.works():
            return
        try:
            self.make()
        except (subprocess.SubprocessError, OSError) as error:
            said = getattr(error, "stderr", None) or ""
            raise NotInstalledError(
                f"{self.name} {self.version}: {error}\n{said[-2000:]}"
            ) from error
        if not self.works():
            raise NotInstalledError(f"{self.name} {self.version} is installed and does not work.")

    @abstractmethod
    def make(self) -> None:
        """Put it into its folder, whatever lies there."""


@dataclass(frozen=True, kw_only=True)
class PythonPackages(Counterpart):
    """Packages in an environment of Python; `imports` are the modules that must load there."""

    packages: tuple[str, ...]
    imports: tuple[str, ...]
    mend: Callable[[Path], None] = lambda folder: None
    prepare: Callable[[], None] = lambda: None
    is_prepared: Callable[[], bool] = lambda: True

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def program(self, name: str) -> str:
        """Where a program of its packages is."""
        return str(self.folder / "bin" / name)

    def works(self) -> bool:
        if not self.python.exists():
            return False
        pinned = [_PINNED.format(*_name_and_version(one)) for one in self.packages]
        code = "\n".join([*pinned, *(f"import {name}" for name in self.imports)])
        tried = subprocess.run([str(self.python), "-c", code], capture_output=True, timeout=120)
        return tried.returncode == 0 and self.is_prepared()

    def make(self) -> None:
        run(sys.executable, "-m", "venv", "--clear", str(self.folder))
        run(str(self.python), "-m", "pip", "install", "--quiet", *self.packages)
        self.mend(self.folder)
        self.prepare()


@dataclass(frozen=True, kw_only=True)
class NpmPackages(Counterpart):
    """Packages in a folder of npm, each as name@version."""

    packages: tuple[str, ...]
    options: tuple[str, ...] = ()

    def package(self, name: str) -> Path:
        return self.folder / "node_modules" / name

    def works(self) -> bool:
        return all(self._has(*one.rsplit("@", 1)) for one in self.packages)

    def make(self) -> None:
        npm = shutil.which("npm")
        if npm is None:
            raise NotInstalledError("There is no npm; on Debian: apt-get install npm")
        self.folder.mkdir(parents=True, exist_ok=True)
        quiet = ("--no-audit", "--no-fund", f"--prefix={self.folder}")
        run(npm, "install", *quiet, *self.options, *self.packages)

    def _has(self, name: str, version: str) -> bool:
        try:
            found = json.loads((self.package(name) / "package.json").read_text())
        except (FileNotFoundError, ValueError):
            return False
        return bool(found["version"] == version)


@dataclass(frozen=True, kw_only=True)
class DebianPackages(Counterpart):
    """Packages of Debian, unpacked into the folder: nothing of the machine itself changes. `told` is a
    command below the folder that tells its version, whatever it answers besides."""

    packages: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def environment(self) -> dict[str, str]:
        """Where its programs find their libraries."""
        return {"LD_LIBRARY_PATH": ":".join(map(str, self.folder.glob("**/lib/*-linux-gnu")))}

    def program(self, path: str) -> str:
        return str(self.folder / path)

    def works(self) -> bool:
        program, *arguments = self.told
        if not Path(self.program(program)).exists():
            return False
        command = [self.program(program), *arguments]
        said = subprocess.run(command, capture_output=True, text=True, env=self.environment)
        return self.version in said.stdout + said.stderr

    def make(self) -> None:
        fetched = self.folder / "packages"
        fetched.mkdir(parents=True, exist_ok=True)
        try:
            run("apt-get", "download", *self.packages, cwd=fetched)
        except subprocess.SubprocessError:  # it has no lists of packages, or old ones
            run("apt-get", "update", "-qq")
            run("apt-get", "download", *self.packages, cwd=fetched)
        for package in fetched.glob("*.deb"):
            run("dpkg", "-x", str(package), str(self.folder))


@cache
def works(counterpart: Counterpart) -> bool:
    """Whether it works, asked once a run."""
    return counterpart.works()


def run(
    *command: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = 900,
) -> None:
    """Run a step of an installation to its end; what it said is in the error."""
    within = {**os.environ, **(env or {})}
    subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=timeout, env=within, cwd=cwd
    )


def _name_and_version(pinned: str) -> tuple[str, str]:
    name, version = pinned.split("==")
    return name.partition("[")[0], version
