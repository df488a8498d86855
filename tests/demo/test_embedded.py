"""Who stops the embedded server, and what removes it."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from portal import embedded, env
from portal.demo import clean

pytestmark = [pytest.mark.db, pytest.mark.long]


@pytest.fixture
def name() -> Iterator[str]:
    """The name of a server of this test alone."""
    name = f"leaving{os.getpid()}"
    yield name
    place = embedded.find_place(name)
    if (place.data / "postmaster.pid").exists():
        embedded.stop(place)
    shutil.rmtree(place.home, ignore_errors=True)


def runs(place: embedded.Place) -> bool:
    return (place.data / "postmaster.pid").exists()


def test_who_leaves_waits_for_a_killed_process_to_let_go(name):
    place = embedded.ensure_running(name=name)
    dying = place.lock.open("w")
    fcntl.flock(dying, fcntl.LOCK_SH)
    threading.Timer(0.5, dying.close).start()

    assert embedded.leave(place, patience=10)

    assert not runs(place)


def test_a_server_that_somebody_uses_runs_on(name):
    place = embedded.ensure_running(name=name)
    with place.lock.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_SH)

        assert not embedded.leave(place, patience=0.1)

        assert runs(place)
        assert not clean.remove(place.home) and place.home.exists()


def test_a_server_left_running_is_stopped_and_removed(name):
    place = embedded.ensure_running(name=name)
    with place.lock.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        embedded.leave(place, patience=0)
    assert place.home in clean.homes() or not embedded.is_root()

    assert clean.remove(place.home)

    assert not place.home.exists()
    assert embedded.ROOT == env.ROOT


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps databases outside of the checkout")
def test_databases_of_checkouts_that_are_gone_are_found_and_those_of_others_are_not(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(embedded, "BASE", tmp_path / "crossdock")
    there = tmp_path / "there"
    (there / ".data").mkdir(parents=True)
    (there / ".data" / "checkout-id").write_text("1111111111")
    made = {
        "main-1111111111": there,
        "main-2222222222": there,  # cloned again in the same place
        "main-3333333333": tmp_path / "gone",
        "main-4444444444": None,  # nobody knows whose it is
        f"test-{embedded.checkout_id()}": env.ROOT,
    }
    for folder, checkout in made.items():
        home = embedded.BASE / folder
        home.mkdir(parents=True)
        (home / "users.lock").touch()
        if checkout:
            (home / embedded.CHECKOUT_NOTE).write_text(str(checkout))

    assert {home.name for home in clean.homes()} == {
        "main-2222222222", "main-3333333333", f"test-{embedded.checkout_id()}",
    }  # fmt: skip


def test_the_demo_forgets_its_books_and_keeps_its_keys(tmp_path):
    for entry in ("demo.json", "store.sqlite-wal", "encryption-key", "checkout-id"):
        (tmp_path / entry).touch()
    (tmp_path / "warehouse" / "in").mkdir(parents=True)

    clean._forget_the_demo(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkout-id", "encryption-key"]


def test_a_term_signal_stops_the_server_of_whoever_held_it_alone(name):
    holder = subprocess.Popen(
        [sys.executable, "-m", "portal.embedded", name],
        cwd=env.ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout and holder.stdout.readline().startswith("postgresql://")
    place = embedded.find_place(name)
    assert runs(place)

    holder.send_signal(signal.SIGTERM)

    holder.communicate(timeout=20)
    assert holder.returncode == 0
    deadline = time.monotonic() + 10
    while runs(place) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not runs(place)
