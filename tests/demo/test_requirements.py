"""The pinned files against what they are made from."""

import re
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure
ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ;]", name)[0]).lower()


def pinned(file: str) -> dict[str, str]:
    lines = (ROOT / file).read_text().splitlines()
    pairs = [line.rstrip(" \\").split("==") for line in lines if re.match(r"[A-Za-z]", line)]
    return {plain(name): version for name, version in pairs}


def test_every_dependency_is_pinned():
    assert {plain(name) for name in PROJECT["dependencies"]} <= set(pinned(RUNTIME))
    wanted = {plain(name) for name in PROJECT["optional-dependencies"]["dev"]}
    assert wanted <= set(pinned(DEVELOPMENT))


def test_what_is_an_extra_is_not_installed_for_everybody():
    extras = {
        plain(name) for e in ("mssql", "oracle") for name in PROJECT["optional-dependencies"][e]
    }
    assert extras
    assert not extras & (set(pinned(RUNTIME)) | set(pinned(DEVELOPMENT)))


def test_tests_run_with_the_versions_that_are_shipped():
    development = pinned(DEVELOPMENT)
    assert {name: development.get(name) for name in pinned(RUNTIME)} == pinned(RUNTIME)


@pytest.mark.parametrize("file", [RUNTIME, DEVELOPMENT])
def test_every_pin_has_hashes_and_no_address_is_named(file):
    text = (ROOT / file).read_text()
    blocks = re.split(r"\n(?=[A-Za-z])", text.strip())
    assert [block.split("\n")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"://|--index-url|--find-links|--extra-index", text) == []


@pytest.mark.parametrize("package", ["psycopg-binary", "granian", "cryptography", "jsonatapy"])
def test_packages_with_compiled_parts_are_pinned_for_more_than_one_machine(package):
    blocks = re.split(r"\n(?=[A-Za-z])", (ROOT / RUNTIME).read_text())
    block = next(block for block in blocks if block.startswith(f"{package}=="))
    # Linux on two processors for three Pythons: fewer hashes would be those of one machine only.
    assert block.count("--hash=sha256:") >= 6


def test_every_dependency_is_justified():
    rows = (ROOT / "docs/dependencies.md").read_text().splitlines()
    named = {plain(row.split("`")[1]) for row in rows if row.startswith("| `")}
    extras = PROJECT["optional-dependencies"].values()
    wanted = [*PROJECT["dependencies"], *(name for extra in extras for name in extra)]
    assert {plain(name) for name in wanted} == named
