"""Writing one document into the ERP: look, then write, in one transaction."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.sql import refusals
from integrations.connectors.sql.specification import ALREADY_THERE, Meanings, Statement, Write
from integrations.transports.sql import Database, Transaction
from integrations.transports.sql_errors import SqlRefusal
from portal.core.errors import CrossdockError, NeedsPerson, Permanent

_CANCELLED = "cancelled"


class _RefusedAt(Exception):
    """A refusal, and the line of the document it was about."""

    def __init__(self, refusal: SqlRefusal, path: str) -> None:
        super().__init__(path)
        self.refusal, self.path = refusal, path


class Performer:
    """Writes documents. Safe from any thread; an outcome for every message, never an error."""

    def __init__(self, database: Database, writes: Mapping[str, Write], meanings: Meanings) -> None:
        self._database = database
        self._writes = writes
        self._meanings = meanings

    def __call__(self, item: Outbound) -> Outcome:
        sent = json.dumps(item.document, ensure_ascii=False, separators=(",", ":")).encode()
        started = time.monotonic()
        try:
            done, remote_id = self._write(item)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error, sent=sent)
        answer = {
            "status": done,
            "ms": round((time.monotonic() - started) * 1000),
            "body": remote_id or "",
        }
        return Outcome(item.message_id, remote_id=remote_id, sent=sent, answer=answer)

    def _write(self, item: Outbound) -> tuple[str, str | None]:
        write = self._writes.get(item.object_type)
        if write is None:
            raise Permanent(f"This ERP takes no {item.object_type}", code="not_supported")
        values = parameters(item.document)
        try:
            with self._database.transaction() as transaction:
                return _apply(transaction, write, item, values)
        except _RefusedAt as refused:
            return self._after(refused.refusal, write, item, values, at=refused.path)
        except SqlRefusal as refusal:
            return self._after(refusal, write, item, values, at="")

    def _after(
        self,
        refusal: SqlRefusal,
        write: Write,
        item: Outbound,
        values: Mapping[str, Any],
        *,
        at: str,
    ) -> tuple[str, str | None]:
        """A refusal because the document is there already is a success, if it really is there."""
        code = self._meanings.of(refusal.codes, refusal.words)
        if code == ALREADY_THERE and (found := self._look_up(write, values)):
            return "already there", found
        known = code if code and code != ALREADY_THERE else "erp_refused"
        raise NeedsPerson(
            [refusals.problem_of(known, refusal.words, item.document, at=at)]
        ) from refusal

    def _look_up(self, write: Write, values: Mapping[str, Any]) -> str | None:
        try:
            with self._database.transaction() as transaction:
                return _find(transaction, write, values)
        except SqlRefusal as refusal:
            raise NeedsPerson([Problem("erp_refused", "", "", refusal.words)]) from refusal


def parameters(document: Mapping[str, Any]) -> dict[str, Any]:
    """The values by name, those of an inner object as `ship_to_city`; `document` is all as JSON."""
    values: dict[str, Any] = {"document": json.dumps(document, ensure_ascii=False)}
    for name, value in document.items():
        if isinstance(value, Mapping):
            values |= {f"{name}_{inner}": v for inner, v in value.items() if _is_plain(v)}
        elif _is_plain(value):
            values[name] = value
    return values


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _apply(
    transaction: Transaction, write: Write, item: Outbound, values: Mapping[str, Any]
) -> tuple[str, str | None]:
    found = _find(transaction, write, values)
    if item.document.get("status") == _CANCELLED and item.object_type == "order":
        return _cancel(transaction, write, item, values, found)
    if found is None:
        made = _run_all(transaction, write.create, item, values)
        return "created", _find(transaction, write, values) or made
    if item.remote_id is None or item.retried:
        return "already there", found
    if write.change is None:
        text = "This ERP takes no changes to what it already has."
        raise NeedsPerson([Problem("change_not_supported", "", shorten(item.business_key), text)])
    _run_all(transaction, write.change, item, values)
    return "changed", found


def _cancel(
    transaction: Transaction,
    write: Write,
    item: Outbound,
    values: Mapping[str, Any],
    found: str | None,
) -> tuple[str, str | None]:
    if found is None:
        return "not there, so nothing to cancel", None
    if write.cancel is None:
        text = "This ERP takes no cancellations; cancel the order there by hand."
        raise NeedsPerson([Problem("change_not_supported", "status", _CANCELLED, text)])
    _run_all(transaction, write.cancel, item, values)
    return "cancelled", found


def _find(transaction: Transaction, write: Write, values: Mapping[str, Any]) -> str | None:
    rows = transaction.run(write.look_up, values).rows
    return str(next(iter(rows[0].values()))) if rows else None


def _run_all(
    transaction: Transaction,
    statements: tuple[Statement, ...],
    item: Outbound,
    values: Mapping[str, Any],
) -> str | None:
    """Run them; the first value of the first row that one gives back is the ERP's own number."""
    made = None
    for statement in statements:
        for path, round_values in _rounds(statement, item.document, values):
            try:
                result = transaction.run(statement.run, round_values)
            except SqlRefusal as refusal:
                raise _RefusedAt(refusal, path) from refusal
            if result.changed == 0 and not result.rows:
                text = "The ERP has nothing open that this belongs to."
                raise NeedsPerson([Problem("not_found", path, _named(round_values), text)])
            if made is None and result.rows:
                first = next(iter(result.rows[0].values()))
                made = None if first is None else str(first)
    return made


def _rounds(
    statement: Statement, document: Mapping[str, Any], values: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Where in the document each run of a statement is about, and its values."""
    if not statement.each:
        yield "", values
        return
    for index, line in enumerate(document.get(statement.each) or []):
        yield f"{statement.each}[{index}]", {**values, **parameters(line)}


def _named(values: Mapping[str, Any]) -> str:
    named = (values.get("reference"), values.get("item"))
    return shorten(" ".join(str(name) for name in named if name))
