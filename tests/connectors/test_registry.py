"""Connectors that installed packages bring, in a process that has such a package."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

ROOT = Path(__file__).parents[2]
CONNECTOR = """
from dataclasses import replace
from integrations.connectors import registry
http = registry.get("http")
CONNECTOR = replace(http, manifest=replace(http.manifest, slug="{slug}", label="Abacus"))
"""


def brought(folder: Path, *, name: str, slug: str, say: str, code: str | None = None) -> str:
    """What `say` prints where a package brings a connector of that slug under that name. `code`: another."""
    (folder / "abacus.py").write_text(CONNECTOR.format(slug=slug) if code is None else code)
    info = folder / "abacus-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: abacus\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[crossdock.connectors]\n{name} = abacus:CONNECTOR\n")
    script = f"from integrations.connectors import registry\n{say}"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT, env={"PYTHONPATH": f"{folder}:{ROOT}", "PATH": ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_a_package_brings_a_connector(tmp_path: Path) -> None:
    say = "print('abacus' in registry.SLUGS, registry.get('abacus').manifest.label, registry.readme('abacus'))"
    assert brought(tmp_path, name="abacus", slug="abacus", say=say) == "True Abacus"


def test_a_package_cannot_take_the_place_of_a_connector_of_ours(tmp_path: Path) -> None:
    say = "print(registry.get('http').manifest.label, registry.SLUGS.count('http'))"
    assert brought(tmp_path, name="http", slug="http", say=say) == "JSON over HTTP 1"


def test_a_connector_under_another_name_is_refused(tmp_path: Path) -> None:
    said = brought(tmp_path, name="abacus", slug="counting", say="registry.get('abacus')")
    assert said.endswith(
        "BrokenConnectorError: The entry point 'abacus' of the package abacus 1.0 does not lead to a"
        " connector of that name."
    )


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import abacus_engine", "ModuleNotFoundError: No module named 'abacus_engine'"),
        ("raise SystemError('too old')", "SystemError: too old"),
        ("", "AttributeError: module 'abacus' has no attribute 'CONNECTOR'"),
    ],
)
def test_a_package_that_does_not_load_is_named(tmp_path: Path, code: str, why: str) -> None:
    said = brought(tmp_path, name="abacus", slug="abacus", say="registry.get('abacus')", code=code)
    assert said.endswith(f"The connector abacus of the package abacus 1.0 cannot be loaded. {why}")


def test_the_others_go_on_without_one_that_is_broken(tmp_path: Path) -> None:
    say = "print(sorted(c.slug for c in registry.everyone()) == [s for s in registry.SLUGS if s != 'abacus'])"
    assert brought(tmp_path, name="abacus", slug="abacus", say=say, code="1 / 0").endswith("True")


def test_a_category_of_nobodys_is_refused(tmp_path: Path) -> None:
    code = CONNECTOR.format(slug="abacus").replace('label="Abacus"', 'category="abaci"')
    said = brought(tmp_path, name="abacus", slug="abacus", say="registry.get('abacus')", code=code)
    assert "abacus 1.0 has the category 'abaci'. There are: storefront" in said


def test_an_unknown_connector_is_told_with_those_there_are() -> None:
    from integrations.connectors import registry

    with pytest.raises(KeyError, match="no connector 'fax'. There are: .*woocommerce"):
        registry.get("fax")
