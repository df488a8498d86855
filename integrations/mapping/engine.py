"""The JSONata engine, one set of compiled expressions for each thread.

An expression of the engine belongs to the thread that compiled it: used from another one it panics,
and freed from another one it leaks. So what is shared is source text, and each thread compiles it
when it first needs it, keeps it, and forgets it by itself.
"""

import threading
from functools import lru_cache
from typing import Any, Final

import jsonatapy

from integrations.mapping.functions import register
from integrations.mapping.words import is_timeout, plain_words

_KEPT: Final = 4096
_MOST_STACK: Final = 100
_MOST_SEQUENCE: Final = 100_000


class EngineError(Exception):
    """An expression failed. The message says why in plain words.

    `timeout`: the engine stopped it, and more time might have helped. `stopped`: the process it
    ran in had to be ended.
    """

    def __init__(self, message: str, *, timeout: bool = False, stopped: bool = False) -> None:
        super().__init__(message)
        self.timeout = timeout
        self.stopped = stopped


def _compile(source: str) -> jsonatapy.JsonataExpression:
    return register(
        jsonatapy.compile(source, max_stack_depth=_MOST_STACK, max_sequence_length=_MOST_SEQUENCE)
    )


class _Expressions(threading.local):
    def __init__(self) -> None:
        self.get = lru_cache(maxsize=_KEPT)(_compile)


_expressions: Final = _Expressions()


def check(source: str) -> None:
    """ValueError, with the engine's own words, if `source` does not compile."""
    _expressions.get(source)


def evaluate(
    source: str, document: Any, *, bindings: dict[str, Any] | None, timeout_ms: int
) -> Any:
    """The value of `source` on `document`. EngineError for whatever goes wrong in the engine."""
    try:
        return _expressions.get(source).evaluate(document, bindings, timeout=timeout_ms)
    except (ValueError, TypeError) as error:
        raise EngineError(plain_words(str(error)), timeout=is_timeout(str(error))) from None
    except BaseException as error:
        # A panic in the engine is a BaseException; it belongs to this document, not to the worker.
        if type(error).__name__ != "PanicException":
            raise
        raise EngineError("The expression broke the JSONata engine.") from None
