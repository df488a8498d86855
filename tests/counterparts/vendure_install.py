"""Vendure, with a shop in a database that each run copies: SQLite, by better-sqlite3, which is compiled (g++)."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.counterparts.installing import NpmPackages, run

SERVER = Path(__file__).with_name("vendure_server.js")
# Vendure loads the drivers of other databases too, whichever is used.
_PACKAGES = ("@vendure/core@3.7.3", "better-sqlite3@12.11.1", "pg@8.23.1", "sql.js@1.17.0")


@dataclass(frozen=True, kw_only=True)
class Shop(NpmPackages):
    """Vendure and the shop that is copied for a run."""

    @property
    def template(self) -> Path:
        return self.folder / "databases" / "template.sqlite"

    def works(self) -> bool:
        return super().works() and self.template.exists() and self._compiled()

    def make(self) -> None:
        super().make()
        # npm of version 11 leaves out what packages would run once they are there.
        run("npm", "rebuild", "--foreground-scripts", "better-sqlite3", cwd=self.folder)
        self.template.parent.mkdir(exist_ok=True)
        making = self.template.with_name("making.sqlite")
        making.unlink(missing_ok=True)
        run("node", str(SERVER), str(self.folder), str(making), "0")
        making.rename(self.template)

    def _compiled(self) -> bool:
        code = "new (require('better-sqlite3'))(':memory:')"
        tried = subprocess.run(["node", "-e", code], cwd=self.folder, capture_output=True)
        return tried.returncode == 0


COUNTERPART = Shop(name="vendure", version="3.7.3", quick=False, packages=_PACKAGES)
