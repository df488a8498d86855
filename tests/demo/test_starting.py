"""A start that cannot be: one sentence that says what to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal import env

pytestmark = pytest.mark.pure

OLD_PYTHON = """#!/bin/sh
exec {real} -c '
import sys
sys.version_info, sys.executable = {version}, "/usr/bin/python"
exec(sys.argv[1])' "$2"
"""
UNFIT_URL = (
    "DATABASE_URL has to start with postgresql://, such as"
    " postgresql://crossdock@db.example/crossdock. Other databases are not used.\n"
)


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=env.ROOT, env={**os.environ, **environment},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("url", ["mysql://x/y", "foo"])
def test_a_database_that_is_no_postgresql_is_refused_at_the_shell(url):
    done = run(sys.executable, "manage.py", "check", DATABASE_URL=url)
    assert (done.returncode, done.stderr) == (1, UNFIT_URL)


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_a_port_that_is_none_is_named(port, tmp_path):
    done = run(
        sys.executable, "-m", "portal.demo", CROSSDOCK_PORT=port, CROSSDOCK_DATA=str(tmp_path)
    )
    assert (done.returncode, done.stderr) == (
        1,
        f"The demo did not start. CROSSDOCK_PORT is '{port}'."
        " It has to be a number from 1 to 65535.\n",
    )


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize(
    ("version", "told"), [("(2, 7, 18)", "2.7"), ("(3, 6, 15)", "3.6"), ("(3, 10, 13)", "3.10")]
)
def test_an_old_python_is_told_by_make_before_it_reads_a_file_of_ours(tmp_path, version, told):
    old = tmp_path / "python"
    old.write_text(OLD_PYTHON.format(real=sys.executable, version=version))
    old.chmod(0o755)
    done = run("make", "--silent", "demo", f"PYTHON={old}")
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        f"Python 3.11 or newer is needed, and /usr/bin/python is {told}."
        " Install a newer one, or name it: make demo PYTHON=python3.12"
    )


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_help_names_the_targets_and_the_settings():
    said = run("make", "help").stdout
    targets = {line.split(":")[0] for line in Path(env.ROOT, "Makefile").read_text().splitlines()
               if ": " in line and "## " in line and line[0].isalpha()}  # fmt: skip
    assert {target for target in targets if f"make {target}" not in said} == set()
    for setting in ("CROSSDOCK_PORT", "CROSSDOCK_DATA", "DATABASE_URL", "PYTHON"):
        assert f"  {setting}  " in said
