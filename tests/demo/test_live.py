"""`make demo` itself: a whole installation, started, killed in parts, stopped and started again."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from portal import env
from portal.demo import ports
from tests.live import Installation, running, until

pytestmark = pytest.mark.live
PROGRAMS = ("web", "worker", "beat", "store", "warehouse", "sink", "erp")
OWNER = {"DJANGO_SETTINGS_MODULE": "portal.settings", "CROSSDOCK_DATABASE_ROLE": "owner"}
OPENING = """
import time, django
django.setup()
from portal.tenants.opening import open_partner
took = []
for number in range(3):
    began = time.monotonic()
    open_partner(f"opening{number}", name="Opening")
    took.append(time.monotonic() - began)
print(min(took))  # whatever else the machine does only adds
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with running(tmp_path_factory.mktemp("site")) as installation:
        yield installation


def status(address: str, **headers: str) -> int:
    """What the address answers, 0 when nobody does."""
    try:
        return requests.get(address, headers=headers, timeout=10).status_code
    except requests.RequestException:
        return 0


def page(site: Installation, host: str) -> int:
    return status(f"http://127.0.0.1:{site.port}/", Host=f"{host}:{site.port}")


def processes() -> dict[int, int]:
    """Every process that is not a zombie: id → process group."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return {int(pid): int(group) for pid, group, state in rows if state[0] != "Z"}


def interrupted(site: Installation, by: signal.Signals = signal.SIGINT) -> set[int]:
    """Ctrl-C; returns what is left of the process groups that ran."""
    groups = {site.pid(name) for name in (*PROGRAMS, "postgres")} | {site.process.pid}
    assert groups <= set(processes().values())
    site.process.send_signal(by)
    assert site.process.wait(40) == 0
    return {pid for pid, group in processes().items() if group in groups}


def test_it_says_where_everything_is_and_who_may_sign_in(site):
    said = site.words()
    assert f"http://kestrel.localhost:{site.port}/" in said
    assert f"http://platform.localhost:{site.port}/" in said
    assert f"Everybody's password is {site.password}" in said
    for title in ("platform admin", "partner admin", "operator", "Harbor's viewer"):
        assert title in said


def test_both_kinds_of_site_answer(site):
    assert page(site, "kestrel.localhost") in {200, 302}
    assert page(site, "platform.localhost") in {200, 302}


def test_a_used_port_is_named_with_what_to_do(site, tmp_path):
    environment = {**site.environment, "CROSSDOCK_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "portal.demo"],
        cwd=env.ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == (
        f"The demo did not start. Port {site.port} is in use. Stop what listens there, or choose"
        f" another one: make demo CROSSDOCK_PORT={site.port + 1}\n"
    )


def test_a_second_start_in_the_same_folder_is_refused(site):
    environment = {**site.environment, "CROSSDOCK_PORT": str(site.port + 1)}
    done = subprocess.run(
        [sys.executable, "-m", "portal.demo"],
        cwd=env.ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("The demo did not start. It is running already")


def test_a_database_that_does_not_answer_is_named(tmp_path):
    environment = {
        **os.environ,
        "CROSSDOCK_DATA": str(tmp_path),
        "CROSSDOCK_PORT": str(ports.find_free()),
    }
    environment["DATABASE_URL"] = f"postgresql://nobody@127.0.0.1:{ports.find_free()}/nothing"
    done = subprocess.run(
        [sys.executable, "-m", "portal.demo"],
        cwd=env.ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("The demo did not start. The database does not answer")


def test_orders_travel_from_the_store_to_the_warehouse_and_back(site):
    site.wait_for_catalogue()

    placed = site.store.tell("orders", count=5)["ids"]

    numbers = {str(number) for number in placed}
    until(lambda: numbers <= set(site.warehouse.effects()["orders"]), seconds=120)
    until(lambda: numbers <= set(site.store.effects()["shipments"]), seconds=120)
    assert site.warehouse.effects()["double_effects"] == 0
    assert site.store.effects()["double_effects"] == 0


@pytest.mark.parametrize("name", ["web", "worker", "beat", "postgres", "store"])
def test_a_killed_process_comes_back(site, name):
    killed = site.pid(name)

    (os.kill if name == "postgres" else os.killpg)(killed, signal.SIGKILL)

    until(lambda: site.pid(name) not in {killed, None}, seconds=30)
    until(lambda: page(site, "kestrel.localhost") in {200, 302}, seconds=30)
    until(lambda: status(f"{site.store.url}/effects") == 200, seconds=30)


@pytest.mark.timed
def test_opening_a_partner_takes_less_than_three_seconds(site):
    done = subprocess.run(
        [sys.executable, "-c", OPENING],
        cwd=env.ROOT,
        env={**site.environment, **OWNER},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 3.0


@pytest.mark.timed
def test_ctrl_c_leaves_nothing_behind_and_a_second_start_takes_less_than_ten_seconds(
    tmp_path: Path,
):
    with running(tmp_path) as site:
        assert interrupted(site) == set()
        assert site.pid("postgres") is None
        began = time.monotonic()
        site.start()
        took = time.monotonic() - began
        assert took < 10
        seconds = re.findall(r"Ready after ([0-9.]+) s", site.words())
        assert float(seconds[-1]) < 10
        assert interrupted(site) == set()


def test_a_term_signal_in_the_middle_of_work_leaves_no_database_running(tmp_path: Path):
    with running(tmp_path, DEMO_ORDERS="400", DEMO_RATE="100") as site:
        site.wait_for_catalogue()
        until(lambda: site.number("SELECT count(*) FROM integrations_message") > 100, seconds=60)

        assert interrupted(site, by=signal.SIGTERM) == set()

        assert site.pid("postgres") is None
        assert "another process" not in site.words()
