"""The evaluation that is going on in this thread."""

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten


class Missing:
    """The type of `MISSING`: a lookup's or binding's answer for "no such row"."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()

Find = Callable[[str, str], Any]


class Run:
    """One evaluation: what it may ask and what it found. `path` is where in the body it is."""

    __slots__ = ("binding", "context", "lookup", "path", "problems", "raised")

    def __init__(self, *, lookup: Find, binding: Find, context: Mapping[str, Any]) -> None:
        self.lookup = lookup
        self.binding = binding
        self.context = context
        self.path = ""
        self.problems: list[Problem] = []
        self.raised: BaseException | None = None

    def ask(self, find: Find, name: str, code: str) -> Any:
        """What `find` answers. What it raises is kept: the engine would turn a lost database
        connection into a fault of the mapping."""
        try:
            return find(name, code)
        except BaseException as error:
            self.raised = error
            raise

    def report(self, code: str, value: Any, text: str) -> None:
        """Remember a problem at the current path."""
        self.problems.append(Problem(code, self.path, shorten(value), text))


class _Current(threading.local):
    """The run of this thread: a compiled mapping is shared by threads, its functions with it."""

    run: Run


current: Final = _Current()
