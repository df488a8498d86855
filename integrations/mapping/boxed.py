"""Inside the box: a process of its own that evaluates, and ends where it takes too much.

It is started by `box` with one end of a pipe as its file descriptor. Each task is (source,
document, bindings, context, path, timeout in ms); each message back is ("ask", what, name, code)
and waits for its answer, or ("done", value, problems, path), or ("failed", words, is it a timeout,
problems, path).
"""

import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final

from integrations.mapping import engine
from integrations.mapping.current import MISSING, Run, current
from integrations.mapping.prune import prune

# Addresses, of which the engine reserves more than a gigabyte where an expression calls itself.
_MEMORY: Final = 2 * 1024 * 1024 * 1024
_GRACE_MS: Final = 30


def _asker(pipe: Connection, what: str) -> Callable[[str, str], Any]:
    """Asks through the pipe, each code of a document once: its lines name the same ones again."""
    known: dict[tuple[str, str], Any] = {}

    def ask(name: str, code: str) -> Any:
        if (name, code) not in known:
            pipe.send(("ask", what, name, code))
            (known[name, code],) = pipe.recv() or (MISSING,)
        return known[name, code]

    return ask


def _work(pipe: Connection, task: tuple[Any, ...]) -> None:
    source, document, bindings, context, path, timeout_ms = task
    run = Run(lookup=_asker(pipe, "lookup"), binding=_asker(pipe, "binding"), context=context)
    run.path, current.run = path, run
    # Seconds of work, not of waiting: a busy machine or a slow table is not the expression's fault.
    signal.setitimer(signal.ITIMER_PROF, (timeout_ms + _GRACE_MS) / 1000)
    try:
        value = engine.evaluate(source, document, bindings=bindings, timeout_ms=timeout_ms)
        # Here, where it is timed: one list may stand in the value a million times.
        prune([value])
        pipe.send(("done", value, run.problems, run.path))
    except engine.EngineError as error:
        pipe.send(("failed", str(error), error.timeout, run.problems, run.path))
    except (ValueError, RecursionError) as error:
        pipe.send(("failed", str(error), False, run.problems, run.path))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main() -> None:
    """Evaluate what comes until nobody sends any more."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with Connection(int(sys.argv[1])) as pipe:
        pipe.send("ready")
        while True:
            try:
                task = pipe.recv()
            except EOFError:
                return
            _work(pipe, task)


if __name__ == "__main__":
    main()
