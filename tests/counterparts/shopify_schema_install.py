"""`python -m tests.counterparts.shopify_schema_install`: Shopify's Admin schema, and what executes it.

The schema is part of Shopify's own npm package `@shopify/dev-mcp` (ISC); graphql-core (MIT) executes it, in an
environment of its own. Neither is a dependency of ours, and nothing of the package is run.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from integrations.connectors.shopify.documents import VERSION

PACKAGE = "@shopify/dev-mcp"
EXECUTOR = "graphql-core==3.3.2"
HOME = Path(os.environ.get("CROSSDOCK_COUNTERPARTS", Path(tempfile.gettempdir()) / "counterparts"))
FOLDER = HOME / "shopify"
PYTHON = FOLDER / "venv" / "bin" / "python"
SCHEMA = FOLDER / "node_modules" / PACKAGE / "dist" / "data" / f"admin_{VERSION}.json.gz"


def install() -> None:
    """Bring what is missing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not SCHEMA.exists():
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE]
        subprocess.run(command, check=True, cwd=FOLDER)
    if not works():
        subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(PYTHON.parents[1])], check=True
        )
        subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", EXECUTOR], check=True)
    if not (works() and SCHEMA.exists()):
        raise SystemExit("Shopify's schema or graphql-core is not there after all.")


def works() -> bool:
    """Whether the executor can be imported there."""
    if not PYTHON.exists():
        return False
    return (
        subprocess.run([str(PYTHON), "-c", "import graphql"], capture_output=True).returncode == 0
    )


if __name__ == "__main__":
    install()
    print(f"{SCHEMA.name} and {EXECUTOR} are in {FOLDER}")
