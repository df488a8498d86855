"""The counterpart programme itself: what it installs, what its table says."""

from datetime import date
from pathlib import Path

import pytest

from tests.counterparts import __main__ as command
from tests.counterparts import registry
from tests.counterparts.installing import (
    Counterpart,
    NotInstalledError,
    NpmPackages,
    PythonPackages,
)
from tests.counterparts.table import Flow, Outcome, Row, merged, read, written

MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)
FLOW = Flow("tryton", "order to cash")


def row(outcome: Outcome, day: date = MONDAY, flow: Flow = FLOW) -> Row:
    return Row.of(flow, "8.2.1", outcome, day)


class Missing(Counterpart):
    def works(self) -> bool:
        return False

    def make(self) -> None:
        raise NotInstalledError("there is no npm")


class Present(Counterpart):
    def works(self) -> bool:
        return True

    def make(self) -> None:
        raise AssertionError("it is there already")


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {
        "here": Present(name="here", version="1"),
        "lost": Missing(name="lost", version="2", quick=False),
    }
    monkeypatch.setattr(command, "counterparts", lambda: found)


def test_every_counterpart_is_named_as_its_module_and_pinned():
    found = registry.counterparts()
    assert {"pyas2lib", "moto", "openssh", "tryton"} <= set(found)
    for name, one in found.items():
        module = name.replace("-", "_") + "_install.py"
        assert (Path(registry.__file__).parent / module).exists(), name
        assert one.version[0].isdigit()
        if isinstance(one, PythonPackages | NpmPackages):
            assert all("==" in package or "@" in package[1:] for package in one.packages)


def test_a_flow_through_several_names_them_all():
    named = [one.name for one in registry.of("vendure, tryton")]
    assert named == ["vendure", "tryton"]
    assert registry.version("vendure, tryton") == ", ".join(
        registry.counterparts()[name].version for name in named
    )


def test_what_cannot_be_installed_is_told_and_fails_the_command(two, capsys):
    assert command.main([]) == 1
    told = capsys.readouterr()
    assert "there is no npm" in told.err and "here 1 works" in told.out


def test_only_the_quick_ones_are_installed_where_asked_for(two):
    assert command.main(["--quick"]) == 0
    assert command.main(["here"]) == 0
    assert command.main(["lost"]) == 1


def test_an_environment_of_another_version_does_not_work(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.counterparts.installing.HOME", tmp_path)
    wrong = PythonPackages(name="x", version="1", packages=("x==1",), imports=())
    assert not wrong.works()


def test_a_row_says_what_came_of_a_flow():
    assert row(Outcome(3, 1, 0, "", 12.34)) == (
        "tryton", "8.2.1", "order to cash", "**1 failed**, 3 passed", "12.3", "2026-11-30",
    )  # fmt: skip
    assert row(Outcome(skipped=2, reason="a | b")).result == "2 left out: a \\| b"


def test_the_table_is_read_as_it_was_written():
    rows = [row(Outcome(3)), row(Outcome(skipped=1, reason="not here"), flow=Flow("moto", "S3"))]
    assert read(written(rows)) == rows


def test_a_flow_that_was_left_out_keeps_what_it_once_came_to():
    passed, left_out = row(Outcome(3)), row(Outcome(skipped=3, reason="not here"), TUESDAY)
    assert merged([passed], [left_out]) == [passed]
    assert merged([left_out], [passed]) == [passed]
    assert merged([passed], [row(Outcome(2, 1), TUESDAY)]) == [row(Outcome(2, 1), TUESDAY)]
