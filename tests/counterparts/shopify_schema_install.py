"""Shopify's Admin schema, and what executes it.

The schema is part of Shopify's own npm package `@shopify/dev-mcp` (ISC), of which nothing is run; graphql-core (MIT)
executes it.
"""

import shutil
from dataclasses import dataclass

from integrations.connectors.shopify.documents import VERSION
from tests.counterparts.installing import NotInstalledError, PythonPackages, run

PACKAGE = "@shopify/dev-mcp"


@dataclass(frozen=True, kw_only=True)
class Schema(PythonPackages):
    def works(self) -> bool:
        return SCHEMA.exists() and super().works()

    def make(self) -> None:
        super().make()
        npm = shutil.which("npm")
        if npm is None:
            raise NotInstalledError("There is no npm; on Debian: apt-get install npm")
        quiet = ("--ignore-scripts", "--no-audit", "--no-fund", f"--prefix={self.folder}")
        run(npm, "install", *quiet, f"{PACKAGE}@1.16.0")


COUNTERPART = Schema(
    name="shopify-schema",
    version=VERSION,
    packages=("graphql-core==3.3.2",),
    imports=("graphql",),
)
PYTHON = COUNTERPART.python
SCHEMA = (
    COUNTERPART.folder / "node_modules" / PACKAGE / "dist" / "data" / f"admin_{VERSION}.json.gz"
)
FOLDER = COUNTERPART.folder
