"""What `connector_new` begins passes the conformance suite, lint and import contracts as it stands."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

pytestmark = [pytest.mark.pure, pytest.mark.long]

ROOT = Path(__file__).parents[2]
# What a run of the suite needs of a checkout.
COPIED = ("integrations", "tests")
SHARED = ("portal", "monitoring", "billing", "sandbox", "templates", "static", "locale", "docs")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of its own, in which a connector was begun."""
    root = tmp_path_factory.mktemp("checkout")
    unwanted = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=unwanted)
    for name in SHARED:
        (root / name).symlink_to(ROOT / name)
    for name in ("pyproject.toml", "manage.py"):
        shutil.copy(ROOT / name, root / name)
    call_command("connector_new", "zeta_desk", "--category=storefront", f"--root={root}")
    return root


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_passes_the_conformance_suite_and_its_own_tests(checkout: Path) -> None:
    done = run(checkout, "pytest", "-p", "no:randomly", "-p", "no:cacheprovider", "tests/connectors",
               "-k", "zeta_desk")  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    passed = int(done.stdout.split(" passed")[0].split()[-1])
    assert passed > 50, "the suite has more to say of a connector"


def test_it_is_written_as_the_house_writes(checkout: Path) -> None:
    folders = [f"{name}/connectors/zeta_desk" for name in COPIED]
    assert run(checkout, "ruff", "check", *folders).stdout.strip() == "All checks passed!"
    assert run(checkout, "ruff", "format", "--check", *folders).returncode == 0


def test_the_import_contracts_know_it(checkout: Path) -> None:
    told = (checkout / "pyproject.toml").read_text()
    assert told.count('"integrations.connectors.zeta_desk",') == 2
    assert told.count('"integrations.connectors.zeta_desk.mapper",') == 1


def test_no_word_is_left_to_fill_in(checkout: Path) -> None:
    for folder in COPIED:
        for path in (checkout / folder / "connectors" / "zeta_desk").rglob("*"):
            if path.is_file():
                text = path.read_text()
                assert not any(word in text for word in ('{slug}"', "{label}", "{category}")), path


@pytest.mark.parametrize(
    ("slug", "more", "said"),
    [
        ("woocommerce", {}, "woocommerce is taken."),
        ("described", {}, "described is taken."),
        ("Acme ERP", {}, "The slug is small letters, digits and _, such as acme_erp."),
        ("../../etc", {}, "The slug is small letters, digits and _, such as acme_erp."),
        ("fax", {"category": "telex"}, "There is no category telex."),
        ("fax", {"label": 'The "Fax"'}, "The label is what people call the system"),
    ],
)
def test_what_cannot_be_begun_is_refused_and_nothing_is_written(
    tmp_path: Path, slug: str, more: dict[str, str], said: str
) -> None:
    with pytest.raises(CommandError, match=said.replace(".", r"\.")):
        call_command("connector_new", slug, root=tmp_path, **more)
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_there_are_left_alone(tmp_path: Path) -> None:
    there = tmp_path / "tests" / "connectors" / "fax" / "harness.py"
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    with pytest.raises(
        CommandError, match="There is a file already: tests/connectors/fax/harness.py"
    ):
        call_command("connector_new", "fax", root=tmp_path)
    assert there.read_text() == "mine"
    assert not (tmp_path / "integrations").exists()
