"""Starting, keeping and ending processes, with small programs in place of the real ones."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.demo.child import Child, Program
from portal.demo.folder import Folder
from portal.demo.supervisor import Supervisor
from portal.demo.trouble import DemoError

ROOT = Path(__file__).resolve().parents[2]
SLEEPER = "print('ready', flush=True); import time; time.sleep(60)"
PARENT = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {SLEEPER!r}])
print("child", child.pid, flush=True)
child.wait()
"""


def python(code: str, name: str = "one", **more: str) -> Program:
    return Program(name, (sys.executable, "-c", code), **more)


def eventually(question: Callable[[], object], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < until, "did not come true in time"
        time.sleep(0.05)


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    made = Supervisor(Folder(tmp_path), say=said.append)
    yield made
    made.stop()


def test_a_program_is_ready_when_it_says_so(supervisor):
    supervisor.start(python(SLEEPER, ready_words="ready"))
    supervisor.wait_until_ready()
    assert supervisor.children[0].words() == "ready\n"


def test_a_program_that_ends_at_once_is_named_with_its_last_words(supervisor):
    supervisor.start(python("raise SystemExit('no such table')", ready_words="ready"))
    with pytest.raises(DemoError, match=r"(?s)^one ended\. The end of .*no such table"):
        supervisor.wait_until_ready()


def test_a_killed_program_comes_back_with_a_longer_pause_each_time(supervisor, said):
    supervisor.start(python(SLEEPER))
    child = supervisor.children[0]
    for pause in (0.2, 0.4):
        killed = child.process.pid
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: supervisor.look_after() or child.due)
        assert child.due - time.monotonic() <= pause
        assert child.due - time.monotonic() > pause - 0.15
        eventually(lambda killed=killed: supervisor.look_after() or child.process.pid != killed)

    assert said == ["one ended (SIGKILL); starting it again"] * 2


def test_what_a_killed_program_started_is_cleared_away_before_it_comes_back(supervisor):
    supervisor.start(python(PARENT, ready_words="child"))
    supervisor.wait_until_ready()
    child = supervisor.children[0]
    grandchild = int(child.words().split()[1])

    os.kill(child.process.pid, signal.SIGKILL)
    eventually(lambda: supervisor.look_after() or child.due)

    eventually(lambda: not runs(grandchild))


def test_stopping_ends_programs_that_do_not_listen_and_what_they_started(
    tmp_path, said, monkeypatch
):
    monkeypatch.setattr("portal.demo.supervisor.STOP_WITHIN", 0.5)
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{PARENT}"
    supervisor = Supervisor(Folder(tmp_path), say=said.append)
    supervisor.start(python(deaf, ready_words="child"))
    supervisor.wait_until_ready()
    child = supervisor.children[0]
    grandchild = int(child.words().split()[1])

    supervisor.stop()

    assert child.status() == -signal.SIGKILL
    eventually(lambda: not runs(grandchild))
    assert list((tmp_path / "run").glob("*.pid")) == []


def test_a_failing_step_shows_what_it_said(supervisor, said):
    step = python("print('created customer harbor'); raise SystemExit(3)")
    with pytest.raises(DemoError, match="one failed"):
        supervisor.run(step)
    assert said == ["  created customer harbor"]
    assert supervisor.children == []


def test_programs_do_not_outlive_a_killed_supervisor(tmp_path):
    script = f"""
import sys, time
from pathlib import Path
from portal.demo.child import Child, Program
from portal.demo.folder import Folder
child = Child(Program("one", (sys.executable, "-c", {SLEEPER!r})), Folder(Path({str(tmp_path)!r})))
child.start()
print(child.process.pid, flush=True)
time.sleep(60)
"""
    outer = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    inner = int(outer.stdout.readline())
    assert runs(inner)

    outer.kill()
    outer.wait(10)
    outer.stdout.close()

    eventually(lambda: not runs(inner))


def test_a_folder_takes_one_installation_at_a_time(tmp_path):
    first, second = Folder(tmp_path), Folder(tmp_path)
    first.take()
    with pytest.raises(DemoError, match="running already"):
        second.take()
    first.leave()
    second.take()
    second.leave()


def test_a_disk_about_to_be_full_is_said_before_anything_starts(tmp_path, monkeypatch):
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(0, 0, 12 * 2**20))
    with pytest.raises(DemoError, match=r"has 12 MB free, and 400 MB are needed"):
        Folder(tmp_path).take()


def test_a_child_that_was_never_started_has_nothing_to_end(tmp_path):
    child = Child(python(SLEEPER), Folder(tmp_path))
    child.end()
    child.wait(0)
    assert child.status() is None
