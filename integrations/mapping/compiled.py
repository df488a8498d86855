"""Compile a mapping once, run it on many documents."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem
from integrations.mapping.current import Find, Run, current
from integrations.mapping.engine import EngineError
from integrations.mapping.expression import Expression, row_expression, whole_expression
from integrations.mapping.rowcheck import FAILURES, check_row, check_whole, row_failure, why
from integrations.mapping.source import MappingSyntaxError, Row, build_tree

TIMEOUT_MS: Final = 50
LONGEST_TIMEOUT_MS: Final = 1_000
_MS_PER_VALUE: Final = 0.01
_MOST_TIMEOUTS: Final = 3
_MOST_PROBLEMS: Final = 200


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
        places = range(len(self.rows))
        for index in places:
            check_row(self.rows, index)
        self._traced = [row_expression(tree, self.rows, index) for index in places]
        self._whole = whole_expression(tree, self.rows, places)
        for index, expression in enumerate(self._traced):
            check_whole(self.rows, index, expression.source)
        check_whole(self.rows, len(self.rows) - 1, self._whole.source)

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
        except FAILURES as error:
            if run.raised:
                raise run.raised from None
            problems = self._trace(document, bindings, run)
            return Outcome(None, problems or [Problem("mapping_error", "", "", why(error))])
        if run.problems:
            return Outcome(body, self._trace(document, bindings, run) or run.problems)
        return Outcome(body, [])

    def _evaluate(
        self, expression: Expression, document: Any, bindings: dict[str, Any] | None
    ) -> Any:
        try:
            return expression.evaluate(document, bindings, self._timeout)
        except EngineError as error:
            if not (error.timeout or error.stopped):
                raise
            extra = int(_count(document) * _MS_PER_VALUE)
            if error.stopped and not extra:
                raise
        # A machine that slept is forgiven once, and a document of 10,000 lines is given its time.
        longer = min(LONGEST_TIMEOUT_MS, self._timeout + extra)
        return expression.evaluate(document, bindings, longer)

    def _trace(self, document: Any, bindings: dict[str, Any] | None, run: Run) -> list[Problem]:
        """Each row alone, to learn which ones have which problems at which lines."""
        problems: dict[Problem, None] = {}
        timeouts = 0
        failed: list[str] = []
        for index, expression in enumerate(self._traced):
            if self.rows[index].target.startswith(tuple(failed)):
                continue
            run.problems, run.path = [], ""
            try:
                self._evaluate(expression, document, bindings)
            except FAILURES as error:
                if run.raised:
                    raise run.raised from None
                failed.append(f"{self.rows[index].target}.")
                timeouts += isinstance(error, EngineError) and (error.timeout or error.stopped)
                run.problems.append(row_failure(self.rows, index, run.path, error))
            problems.update(dict.fromkeys(p for p in run.problems if p.path))
            if timeouts >= _MOST_TIMEOUTS or len(problems) >= _MOST_PROBLEMS:
                break
        return list(problems)[:_MOST_PROBLEMS]


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


def _count(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_count, value.values()), start=1)
    if isinstance(value, list):
        return sum(map(_count, value), start=1)
    return 1
