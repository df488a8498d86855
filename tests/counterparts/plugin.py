"""Tests against counterparts say which system and which flow they prove; the table says what came of it.

`@pytest.mark.counterpart(system="tryton", flow="order to cash")`, on a module, a class or a test: what
stands closest wins. A system that is not installed leaves its tests out, which the table tells. A flow through
several names them all: `system="vendure, tryton"`.
"""

from pathlib import Path

import pytest

from portal.core import clock
from tests.counterparts import registry
from tests.counterparts.installing import works
from tests.counterparts.table import Flow, Outcome, Row, merged, read, written

_FLOW = pytest.StashKey[Flow]()
_OUTCOMES = pytest.StashKey[dict[Flow, Outcome]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--counterparts-table", type=Path, help="write what counterparts proved into this table"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_OUTCOMES] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        said: dict[str, str] = {}
        for mark in item.iter_markers("counterpart"):
            said = {**mark.kwargs, **said}
        if said:
            item.stash[_FLOW] = Flow(said["system"], said["flow"])
            unknown = set(said["system"].split(", ")) - set(registry.counterparts())
            assert not unknown, f"{item.nodeid}: no {', '.join(unknown)}_install.py"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    flow = item.stash.get(_FLOW, None)
    missing = [one.name for one in registry.of(flow.system) if not works(one)] if flow else []
    if missing:
        pytest.skip(f"`python -m tests.counterparts {' '.join(missing)}` installs it")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> object:
    report = yield
    if flow := item.stash.get(_FLOW, None):
        outcomes = item.config.stash[_OUTCOMES]
        outcomes[flow] = outcomes.get(flow, Outcome()).after(report)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    table: Path | None = session.config.getoption("--counterparts-table")
    outcomes = session.config.stash[_OUTCOMES]
    if table is None or not outcomes:
        return
    today = clock.now().date()
    new = [
        Row.of(flow, registry.version(flow.system), outcome, today)
        for flow, outcome in outcomes.items()
    ]
    old = read(table.read_text()) if table.exists() else []
    table.parent.mkdir(parents=True, exist_ok=True)
    table.write_text(written(merged(old, new)))
