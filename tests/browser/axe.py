"""axe-core: the rules of accessibility that a machine can check, run inside the browser.

It comes from npm into a folder nobody keeps: `python -m tests.browser.axe` fetches it, or fails.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from portal import env

VERSION = "4.14.1"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_FOLDER = env.ROOT / ".artifacts" / "npm"
_PACKAGE = _FOLDER / "node_modules" / "axe-core"
_RUN = """tags => axe.run(document, {runOnly: tags, resultTypes: ["violations"]}).then(found =>
    found.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 160)).join(" ")}`))"""


class NotFetchedError(Exception):
    """axe-core is not here and cannot be fetched; the text says why."""


def script() -> str:
    """Its source, fetched on first use."""
    if _version() != VERSION:
        _fetch()
    return (_PACKAGE / "axe.min.js").read_text()


def _version() -> str:
    try:
        return str(json.loads((_PACKAGE / "package.json").read_text())["version"])
    except (FileNotFoundError, ValueError):
        return ""


def _fetch() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NotFetchedError(
            "there is no npm to fetch axe-core with; on Debian: apt-get install npm"
        )
    command = (npm, "install", "--no-save", "--no-audit", "--no-fund", f"--prefix={_FOLDER}")
    _FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(
            [*command, f"axe-core@{VERSION}"], cwd=_FOLDER, check=True, capture_output=True, timeout=120
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError) as error:
        raise NotFetchedError(f"npm could not fetch axe-core {VERSION}: {error}") from error


def violations(page: Page, source: str) -> list[str]:
    """What axe has against the page: each rule with the elements. The page's policy forbids scripts
    that are put into it; what the debugger evaluates is not bound by that."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(source)
    return list(page.evaluate(_RUN, list(TAGS)))


def is_its_turn(*, dark: bool, phone: bool) -> bool:
    """It takes seconds a page, so it looks at the wide page in the light and at the phone's in the dark:
    contrast does not depend on the width, nor sizes and structure on the theme."""
    return dark == phone


def script_or_skip() -> str:
    """The script; where it was not fetched, the running test is left out and says so."""
    try:
        return script()
    except NotFetchedError as error:
        pytest.skip(str(error))


if __name__ == "__main__":
    script()
    print(f"axe-core {VERSION} is in {Path(_FOLDER).relative_to(env.ROOT)}")
