"""Kills parts of a running installation, as a seed decides."""

import random
import time

from tests.chaos import processes
from tests.live import Installation, until

KINDS = ("worker", "web", "postgres")
COMES_BACK_WITHIN = 60.0


class Killer:
    """One seed, one sequence of kills. What it did is printed, so that a failure can be told again."""

    def __init__(self, installation: Installation, *, seed: int) -> None:
        self.installation = installation
        self.rng = random.Random(seed)
        self.started = time.monotonic()

    def plan(self, kills: int, *, seconds: float) -> list[tuple[float, str]]:
        """(moment, kind), spread over so many seconds; every kind is there when there are three."""
        kinds = [KINDS[n % len(KINDS)] for n in range(kills)]
        self.rng.shuffle(kinds)
        return list(zip(sorted(self.rng.uniform(1, seconds) for _ in kinds), kinds, strict=True))

    def kill(self, kind: str) -> None:
        """Kill the main process of that kind, any one, or all; waits until there is one to kill."""
        until(lambda: self._victims(kind), seconds=COMES_BACK_WITHIN)
        found = self._victims(kind)
        how = self.rng.choice(("main", "one", "all"))
        victims = {"main": found[:1], "one": [self.rng.choice(found)], "all": found}[how]
        processes.kill(*[victim.id for victim in victims])
        self._say(f"killed {kind}: {how} of {len(found)}, …{victims[0].command[-40:]}")

    def _victims(self, kind: str) -> list[processes.Process]:
        leader = self.installation.pid(kind)
        if leader is None:
            return []
        if kind == "postgres":
            own = [p for p in processes.everyone() if p.id == leader and p.command]
            return own + processes.children_of(leader) if own else []
        return processes.of_group(leader)

    def _say(self, text: str) -> None:
        print(f"{time.monotonic() - self.started:6.1f} s  {text}", flush=True)
