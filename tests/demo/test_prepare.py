import ast
import sys
from pathlib import Path

import pytest

from portal.demo import prepare

pytestmark = pytest.mark.pure


def test_an_old_python_is_told_which_one_it_takes():
    with pytest.raises(prepare.CannotPrepareError) as refused:
        prepare.check_python((3, 9, 2), "/usr/bin/python3")

    assert str(refused.value) == (
        "Python 3.11 or newer is needed, and /usr/bin/python3 is 3.9."
        " Install a newer one, or name it: make demo PYTHON=python3.12"
    )


def test_this_python_is_new_enough():
    prepare.check_python(tuple(sys.version_info), sys.executable)


def test_an_old_python_can_read_the_file_that_refuses_it():
    source = Path(prepare.__file__).read_text()

    tree = ast.parse(source, feature_version=(3, 7))

    annotations = [
        node.annotation for node in ast.walk(tree) if isinstance(node, ast.arg | ast.AnnAssign)
    ]
    assert not [node for node in annotations if isinstance(node, ast.Subscript | ast.BinOp)]


def test_a_python_without_venv_is_told_what_to_install():
    with pytest.raises(prepare.CannotPrepareError, match="apt-get install python3-venv"):
        prepare.check_modules(find=lambda name: None if name == "ensurepip" else object())


def test_a_full_disk_is_named_with_what_it_has_and_needs():
    with pytest.raises(prepare.CannotPrepareError) as refused:
        prepare.check_space(Path("/srv/app"), 87)

    assert str(refused.value) == (
        "The disk under /srv/app has 87 MB free, and 1000 MB are needed. Free some space and run it again."
    )


def test_pips_words_become_a_counter(capsys):
    lines = [f"Collecting package{n}==1.0\n" for n in range(12)]
    lines += ["  Downloading package.whl\n", "Installing collected packages: package0\n"]

    prepare._show_progress(lines, 12)

    assert capsys.readouterr().out == "  10 of 12\n  12 of 12\n  all are here; unpacking\n"


def test_only_the_requirements_that_were_installed_last_count(tmp_path, monkeypatch):
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr(prepare, "ENVIRONMENT", tmp_path / ".venv")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").touch()
    (tmp_path / "requirements.txt").write_text("django==5.2.1\n")
    assert not prepare.is_installed("requirements.txt")

    prepare._stamp("requirements.txt").write_text(prepare._digest("requirements.txt"))
    assert prepare.is_installed("requirements.txt")

    (tmp_path / "requirements.txt").write_text("django==5.2.2\n")
    assert not prepare.is_installed("requirements.txt")
