"""Run the rows of a draft on one document, whatever state they are in."""

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem, shorten
from integrations.mapping import engine
from integrations.mapping.check import faults
from integrations.mapping.current import Find, Run, current
from integrations.mapping.expression import Expression, row_expression, whole_expression
from integrations.mapping.plain import is_plain
from integrations.mapping.rowcheck import FAILURES, row_failure, why
from integrations.mapping.source import Node, Row, grow_tree, rows_around
from integrations.mapping.targets import Target, parse_target

_WHOLE_MS: Final = 200
_ROW_MS: Final = 60
# The second whole run, and a process that has to be ended and started again, come after it.
_SECONDS_FOR_ROWS: Final = 0.45
_MOST_SHOWN: Final = 20
_MOST_TEXT: Final = 200
_LATE: Final = "It was not tried: the rows before it took all the time there is."


class RowResult(NamedTuple):
    """`value_text` is what the row gives, for people, the values of a loop with “ | ” between, and
    “–” where there is none. `error` is one sentence, "" if nothing is wrong; `column` is the place
    in the source, from 0, where it could not be read."""

    target: str
    value_text: str
    error: str
    column: int | None


class Preview(NamedTuple):
    """`body` is what the rows that work give together, None if there are none or they do not end
    in time. `rows` are in the order of the draft; `problems` are those of the document, with the
    paths in the body."""

    body: dict[str, Any] | None
    rows: tuple[RowResult, ...]
    problems: list[Problem]


def preview(
    rows: Sequence[Row],
    document: Any,
    *,
    lookup: Find,
    binding: Find,
    context: Mapping[str, Any] | None = None,
) -> Preview:
    """The draft `rows` on a document as `decode.loads` gives it.

    A row that does not compile, or fails, says so, and the others go on. It ends within a second
    whatever the rows are, not counting what `lookup` and `binding` take; what they raise is raised.
    """
    draft = _Draft(rows, document, Run(lookup=lookup, binding=binding, context=context or {}))
    draft.run_all()
    results = tuple(draft.result(index) for index in range(len(rows)))
    return Preview(draft.body, results, list(draft.problems))


class _Draft:
    def __init__(self, rows: Sequence[Row], document: Any, run: Run) -> None:
        self.rows = rows
        self.document = document
        self.run = run
        self.bindings = {"context": dict(run.context)} if run.context else None
        found = faults(rows)
        self.errors = {fault.row: fault.message for fault in found}
        self.columns = {fault.row: fault.position for fault in found}
        self.body: dict[str, Any] | None = None
        self.problems: dict[Problem, None] = {}
        self.until = monotonic() + _SECONDS_FOR_ROWS

    def run_all(self) -> None:
        """All rows at once; only if something is wrong each alone, and what works once more."""
        current.run = self.run
        if self._run_whole() and not self.run.problems:
            return
        self._run_each()
        if self.body is None:
            self._run_whole()

    def _usable(self) -> list[int]:
        return [index for index in range(len(self.rows)) if index not in self.errors]

    def _run_whole(self) -> bool:
        used = self._usable()
        tree, _ = grow_tree(self.rows, used)
        self.run.problems = []
        if not used:
            return False
        try:
            expression = whole_expression(tree, self.rows, used)
            self.body = self._evaluate(expression, _WHOLE_MS) or {}
        except FAILURES:
            self._raise_on()
            self.body = None
        return self.body is not None

    def _run_each(self) -> None:
        used = self._usable()
        tree, _ = grow_tree(self.rows, used)
        # What may run away comes last: the others shall have had their turn.
        for index in sorted(used, key=lambda at: not is_plain(self.rows[at].source)):
            around = rows_around(tree, self.rows, index)
            if any(at in self.errors for at in around):
                self.errors[index] = f"{self.rows[around[0]].target} fails."
            elif monotonic() > self.until:
                # A body that is whole does not need every row to be tried alone.
                if self.body is None:
                    self.errors[index] = _LATE
            else:
                self._run_row(tree, index)
        self._drop_below_failed(tree, used)

    def _drop_below_failed(self, tree: Node, used: Sequence[int]) -> None:
        for index in used:
            failed = [at for at in rows_around(tree, self.rows, index) if at in self.errors]
            if failed:
                self.errors.setdefault(index, f"{self.rows[failed[0]].target} fails.")

    def _run_row(self, tree: Node, index: int) -> None:
        self.run.problems, self.run.path = [], ""
        try:
            self._evaluate(row_expression(tree, self.rows, index), _ROW_MS)
        except FAILURES as error:
            self._raise_on()
            self.errors[index] = why(error)
            self.run.problems.append(row_failure(self.rows, index, self.run.path, error))
        self.problems.update(dict.fromkeys(p for p in self.run.problems if p.path))

    def _evaluate(self, expression: Expression, timeout_ms: int) -> Any:
        if not expression.boxed:
            engine.check(expression.source)
        return expression.evaluate(self.document, self.bindings, timeout_ms)

    def _raise_on(self) -> None:
        if self.run.raised:
            raise self.run.raised

    def result(self, index: int) -> RowResult:
        target = self.rows[index].target
        error = self.errors.get(index, "")
        text = "" if error or self.body is None else _show(self.body, parse_target(target))
        return RowResult(target, text, error, self.columns.get(index))


def _show(body: Any, target: Target) -> str:
    values = _values(body, target)
    looped = any(segment.loop for segment in target[:-1])
    if target[-1].loop and not looped and values and isinstance(values[0], list):
        entries = values[0]
        if any(isinstance(entry, dict) for entry in entries):
            return f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
        values, looped = entries, True
    shown = [_show_value(value) for value in values[:_MOST_SHOWN]]
    more = " | …" if len(values) > _MOST_SHOWN else ""
    return (" | ".join(shown) + more)[:_MOST_TEXT] if looped else "".join(shown)


def _values(body: Any, target: Target) -> list[Any]:
    """What stands at a target, once for each way through its loops; None where nothing does."""
    found = [body]
    for depth, segment in enumerate(target):
        found = [part.get(segment.name) if isinstance(part, dict) else None for part in found]
        if segment.loop and depth < len(target) - 1:
            found = [entry for part in found for entry in (part or ())]
    return found


def _show_value(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return shorten(", ".join(_show_value(entry) for entry in value[:_MOST_SHOWN]))
    return shorten(value)
