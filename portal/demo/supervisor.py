"""Keeps a set of processes running until it is told to stop, and leaves none behind."""

import time
from collections.abc import Callable

from portal.demo import orphans
from portal.demo.child import Child, Program
from portal.demo.folder import Folder
from portal.demo.trouble import DemoError

LOOK_EVERY = 0.1
READY_WITHIN = 120.0
STOP_WITHIN = 12.0  # a worker may finish its bite of work, five seconds at most
LAST_WORDS = 12


class Supervisor:
    """The running processes of one installation."""

    def __init__(self, folder: Folder, *, say: Callable[[str], None]) -> None:
        self.folder, self.say = folder, say
        self.children: list[Child] = []

    def start(self, *programs: Program) -> None:
        """Start the programs without waiting for them."""
        for program in programs:
            child = Child(program, self.folder)
            self.children.append(child)
            child.start()

    def wait_until_ready(self) -> None:
        """Return when every program does its work. DemoError names one that ends or takes too long."""
        deadline = time.monotonic() + READY_WITHIN
        waiting = list(self.children)
        while waiting := [child for child in waiting if not child.is_ready()]:
            for child in waiting:
                if child.status() is not None or time.monotonic() > deadline:
                    raise DemoError(_gave_up(child))
            time.sleep(LOOK_EVERY)

    def run(self, program: Program) -> None:
        """Run a program to its end, showing what it says. DemoError when it fails."""
        child = Child(program, self.folder)
        self.children.append(child)
        child.start()
        shown = 0
        while True:
            ended = child.status()
            lines = child.words().splitlines()[shown:]
            for line in lines if ended is not None else lines[:-1]:
                self.say(f"  {line}")
                shown += 1
            if ended is not None:
                break
            time.sleep(LOOK_EVERY)
        child.wait(0)
        self.children.remove(child)
        if ended:
            raise DemoError(f"{program.name} failed; the lines above and {child.log} say why.")

    def look_after(self) -> None:
        """One look: start again what has ended."""
        for child in self.children:
            if text := child.keep_running():
                self.say(text)
        orphans.see_off({child.process.pid for child in self.children if child.process})

    def stop(self) -> None:
        """End everything that was started, in the order it was told; by force what does not listen."""
        for child in reversed(self.children):
            child.end()
        deadline = time.monotonic() + STOP_WITHIN
        for child in reversed(self.children):
            child.wait(deadline - time.monotonic())


def _gave_up(child: Child) -> str:
    last = "\n  ".join(child.words().splitlines()[-LAST_WORDS:])
    what = "is not ready" if child.status() is None else "ended"
    return f"{child.program.name} {what}. The end of {child.log}:\n  {last}"
