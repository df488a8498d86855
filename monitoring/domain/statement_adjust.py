"""Correcting a sealed statement: one person writes it, another approves it and thereby signs it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import transaction

from monitoring.domain import statement_keys
from monitoring.domain.statement_check import adjustments_of
from monitoring.domain.statement_log import note
from monitoring.models import Statement, StatementAdjustment
from monitoring.seal import Adjustment, Change, UnfitAdjustmentError, adjusted, plain, value_at
from monitoring.seal.adjustment import sign
from monitoring.seal.paths import leaves, steps, with_value
from monitoring.statements.content import Content
from monitoring.statements.reading import UnreadableStatementError, typed
from portal.core import clock

State = StatementAdjustment.State
# What a statement is of. Only what it says is corrected.
_FIXED: Final = frozenset({
    "form", "number", "previous", "sealed_at", "issuer", "customer", "currency", "period", "calendar",
    "rules", "evidence",
})  # fmt: skip
_LONG: Final = frozenset({"misses", "causes", "exclusions", "changes", "planned"})
_FIGURE: Final = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)


def current(statement: Statement) -> Any:
    """The statement as it is to be read today: as sealed, with every signed correction."""
    return adjusted(plain(statement.said), [one for one, _ in adjustments_of(statement)])


def figures(content: Any) -> Iterator[tuple[str, Any]]:
    """The single figures that may be corrected, each with its place. What stands in long lists, such as
    each miss, is not among them, but may be corrected as well."""
    parts = {head: part for head, part in content.items() if head not in _LONG}
    for path, value in leaves(parts):
        if not _is_fixed(path) and _is_figure(value):
            yield path, value


@transaction.atomic
def ask(
    statement: Statement, changes: Sequence[tuple[str, str]], *, reason: str, person: Any
) -> StatementAdjustment:
    """Write a correction: what shall stand at each path. UnfitAdjustmentError for what corrects nothing."""
    if not statement.is_sealed:
        raise UnfitAdjustmentError(
            f"{statement.name} is a draft: it is not corrected, but made anew."
        )
    content = current(statement)
    proposed = [_change(content, path, after) for path, after in changes]
    if not proposed or not reason.strip():
        raise UnfitAdjustmentError("Name a place, what shall stand there, and why.")
    row = StatementAdjustment.objects.create(
        statement=statement,
        customer_id=statement.customer_id,
        changes=[plain(change) for change in proposed],
        reason=reason.strip()[:300],
        author=person.pk,
        author_name=person.name[:80],
        asked_at=clock.now(),
    )
    note(statement, "asked", f"Correction asked for: {row.reason}", actor=person.name)
    return row


def _change(content: Any, path: str, after: str) -> Change:
    try:
        before = value_at(content, path)
    except KeyError as error:
        raise UnfitAdjustmentError(f"{error.args[0]}.") from None
    if isinstance(before, dict | list):
        raise UnfitAdjustmentError(f"{path} is no single figure. Name one within it.")
    if _is_fixed(path):
        raise UnfitAdjustmentError(f"{path} is what the statement is of. Correct what it says.")
    change = Change(path, before, _like(path, before, after))
    if change.before == change.after:
        raise UnfitAdjustmentError(f"{path} is {before} already.")
    _must_read(content, change)
    return change


def _like(path: str, before: Any, after: str) -> Any:
    """What a person wrote, as the kind of figure that stands there."""
    written = after.strip()
    if not _is_figure(before):
        return after
    if not _FIGURE.fullmatch(written):
        raise UnfitAdjustmentError(f"{written[:40]} is no figure. Write it like 61.20.")
    if written.startswith("-") and not str(before).startswith("-"):
        raise UnfitAdjustmentError(f"{path} cannot be below nothing.")
    return int(written) if isinstance(before, int) and written.isdecimal() else written


def _is_fixed(path: str) -> bool:
    head, *rest = steps(path)
    return head in _FIXED or "key" in rest


def _is_figure(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_FIGURE.fullmatch(value))
    return isinstance(value, int) and not isinstance(value, bool)


def _must_read(content: Any, change: Change) -> None:
    """The statement still says something with it."""
    try:
        typed(Content, with_value(content, change.path, change.after))
    except UnreadableStatementError:
        raise UnfitAdjustmentError(
            f"{change.after} cannot stand at {change.path}, where it was {change.before}."
        ) from None


@transaction.atomic
def approve(pk: int, *, person: Any) -> StatementAdjustment:
    """Sign a correction that somebody else wrote. UnfitAdjustmentError where the author approves, where it
    was decided already, and where the figures have moved since."""
    row = _locked(pk)
    if row.author == person.pk:
        raise UnfitAdjustmentError(f"{row.author_name} wrote it; somebody else has to approve it.")
    signed = [one for one, _ in adjustments_of(row.statement)]
    made = Adjustment(
        statement=row.statement.hash,
        number=len(signed) + 1,
        previous=signed[-1].hash if signed else "",
        changes=tuple(Change(**change) for change in row.changes),
        reason=row.reason,
        author=row.author_name,
        approver=person.name[:80],
        at=clock.now(),
    )
    signature = sign(made, current(row.statement), signer=statement_keys.signer())
    row.number, row.previous, row.hash = made.number, made.previous, made.hash
    row.approver, row.decided_at = made.approver, made.at
    row.key, row.signature, row.state = signature.key, signature.value, State.SIGNED
    row.save()
    note(row.statement, "corrected", f"Adjustment {row.number}: {row.reason}", actor=person.name)
    return row


@transaction.atomic
def refuse(pk: int, *, person: Any) -> StatementAdjustment:
    """Leave the statement as it is. UnfitAdjustmentError where it was decided already."""
    row = _locked(pk)
    row.state, row.approver, row.decided_at = State.REFUSED, person.name[:80], clock.now()
    row.save()
    note(row.statement, "refused", f"Correction refused: {row.reason}", actor=person.name)
    return row


def _locked(pk: int) -> StatementAdjustment:
    """An undecided correction, its statement locked: numbers are given one after the other."""
    found = StatementAdjustment.objects.get(pk=pk)
    statement = Statement.objects.select_for_update().get(pk=found.statement_id)
    row = StatementAdjustment.objects.select_for_update().get(pk=pk)
    if row.state != State.ASKED:
        raise UnfitAdjustmentError(f"{row.approver} decided it already: it is {row.state}.")
    row.statement = statement
    return row
