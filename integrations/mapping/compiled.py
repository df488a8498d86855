"""Compile a mapping once, run it on many documents."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem
from integrations.mapping import engine
from integrations.mapping.current import Find, Run, current
from integrations.mapping.engine import EngineError
from integrations.mapping.prune import prune
from integrations.mapping.source import (
    MappingSyntaxError,
    Row,
    build_tree,
    row_source,
    whole_source,
)
from integrations.mapping.words import find_position, plain_words

TIMEOUT_MS: Final = 50
LONGEST_TIMEOUT_MS: Final = 1_000
_MS_PER_VALUE: Final = 0.01
_MOST_TIMEOUTS: Final = 3
_MOST_PROBLEMS: Final = 200
_MOST_SOURCE: Final = 20_000
_FAILURES: Final = (EngineError, ValueError, RecursionError)


class Outcome(NamedTuple):
    """`body` is what could be mapped, None if an expression failed. With problems it is for people
    to look at, not to send on."""

    body: dict[str, Any] | None
    problems: list[Problem]


class CompiledMapping:
    """A mapping ready to run, from any thread. Make it with `compile_mapping`."""

    def __init__(self, rows: Sequence[Row], *, name: str, timeout_ms: int) -> None:
        self.name = name
        self.rows = tuple(rows)
        self._timeout = timeout_ms
        tree = build_tree(self.rows)
        for index in range(len(self.rows)):
            self._check(index, self.rows[index].source, alone=True)
        self._traced = [row_source(tree, self.rows, index) for index in range(len(self.rows))]
        self._whole = whole_source(tree, self.rows)
        for index, source in enumerate(self._traced):
            self._check(index, source)
        self._check(len(self.rows) - 1, self._whole)

    def _check(self, index: int, source: str, *, alone: bool = False) -> None:
        """Each row is checked alone first, so that none can close a bracket another one opened."""
        if alone and len(source) > _MOST_SOURCE:
            raise self._fault(index, f"The source is longer than {_MOST_SOURCE} characters.")
        try:
            engine.check(source)
        except ValueError as error:
            position = find_position(source, str(error)) if alone else None
            raise self._fault(index, plain_words(str(error)), position) from None

    def _fault(self, index: int, message: str, position: int | None = None) -> MappingSyntaxError:
        target = self.rows[index].target
        return MappingSyntaxError(
            row_index=index, target=target, message=message, position=position
        )

    def run(
        self,
        document: Any,
        *,
        lookup: Find,
        binding: Find,
        context: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Map a document as `decode.loads` gives it.

        `lookup(table, code)` and `binding(object type, id)` answer a value or `MISSING`; what they
        raise is raised. Every missing row and every failing row is a problem at its target path.
        """
        run = Run(lookup=lookup, binding=binding, context=context or {})
        current.run = run
        bindings = {"context": dict(run.context)} if run.context else None
        try:
            body = self._evaluate(self._whole, document, bindings) or {}
            prune(body)
        except _FAILURES as error:
            if run.raised:
                raise run.raised from None
            problems = self._trace(document, bindings, run)
            return Outcome(None, problems or [Problem("mapping_error", "", "", _why(error))])
        if run.problems:
            return Outcome(body, self._trace(document, bindings, run) or run.problems)
        return Outcome(body, [])

    def _evaluate(self, source: str, document: Any, bindings: dict[str, Any] | None) -> Any:
        try:
            return engine.evaluate(source, document, bindings=bindings, timeout_ms=self._timeout)
        except EngineError as error:
            if not error.timeout:
                raise
        # A machine that slept is forgiven once, and a document of 10,000 lines is given its time.
        longer = min(LONGEST_TIMEOUT_MS, self._timeout + int(_count(document) * _MS_PER_VALUE))
        return engine.evaluate(source, document, bindings=bindings, timeout_ms=longer)

    def _trace(self, document: Any, bindings: dict[str, Any] | None, run: Run) -> list[Problem]:
        """Each row alone, to learn which ones have which problems at which lines."""
        problems: dict[Problem, None] = {}
        timeouts = 0
        failed: list[str] = []
        for index, source in enumerate(self._traced):
            if self.rows[index].target.startswith(tuple(failed)):
                continue
            run.problems, run.path = [], ""
            try:
                prune([self._evaluate(source, document, bindings)])
            except _FAILURES as error:
                if run.raised:
                    raise run.raised from None
                failed.append(f"{self.rows[index].target}.")
                timeouts += isinstance(error, EngineError) and error.timeout
                run.problems.append(self._row_failure(index, run.path, error))
            problems.update(dict.fromkeys(p for p in run.problems if p.path))
            if timeouts >= _MOST_TIMEOUTS or len(problems) >= _MOST_PROBLEMS:
                break
        return list(problems)[:_MOST_PROBLEMS]

    def _row_failure(self, index: int, path: str, error: Exception) -> Problem:
        row = self.rows[index]
        path = path or row.target.removesuffix("[]")
        text = f"Row {index + 1}, {row.target}: {_why(error)}"
        return Problem("mapping_error", path, row.source[:120], text)


def compile_mapping(
    rows: Sequence[Row], *, name: str, timeout_ms: int = TIMEOUT_MS
) -> CompiledMapping:
    """Check and compile `rows`. MappingSyntaxError names the first row that is wrong.

    One run may take `timeout_ms`, twice where it was stopped, and up to a second where the document
    is very large.
    """
    if not rows:
        raise MappingSyntaxError(row_index=0, target="", message="The mapping has no rows.")
    return CompiledMapping(rows, name=name, timeout_ms=timeout_ms)


def _why(error: Exception) -> str:
    too_deep = isinstance(error, RecursionError)
    return "Lists and objects nest too deep." if too_deep else str(error)


def _count(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_count, value.values()), start=1)
    if isinstance(value, list):
        return sum(map(_count, value), start=1)
    return 1
