"""Checking a sealed statement: every check in turn, and what exactly is wrong."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from monitoring.domain import statement_frame, statement_keys
from monitoring.domain.statement_build import summary_of
from monitoring.domain.statement_frame import sealed_of
from monitoring.models import Statement, StatementAdjustment, StatementEvidence
from monitoring.seal import (
    Adjustment,
    Change,
    Entry,
    Row,
    Signature,
    adjustment,
    chain,
    difference,
    evidence,
)
from monitoring.statements.assemble import assemble, read_back
from monitoring.statements.reading import UnreadableStatementError
from portal.core.manner import number


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked: its name, what was looked at, and the flaws found; none is good."""

    name: str
    what: str
    flaws: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.flaws


def verify(statement: Statement) -> list[Check]:
    """Check content and signature, the chain it stands in, its evidence row by row, and its corrections.

    Reads only what belongs to the statement's customer. ValueError for a draft: it has no seal.
    """
    if not statement.is_sealed:
        raise ValueError(f"{statement.name} is a draft: it has no seal to check.")
    trusted = statement_keys.trusted()
    links = [one.link for one in sealed_of(statement.customer_id)]
    flaws = chain.examine(links, trusted=trusted)
    own = (
        *(flaw.sentence for flaw in flaws if flaw.number == statement.number),
        *_listed(statement),
    )
    others = tuple(flaw.sentence for flaw in flaws if flaw.number != statement.number)
    return [
        Check(
            "content",
            _("SHA-256 %(hash)s, signed with the key %(key)s")
            % {"hash": statement.hash, "key": statement.key},
            own,
        ),
        Check(
            "chain",
            _("%(count)s statements, each named in the next by its hash") % {"count": len(links)},
            others,
        ),
        _evidence(statement),
        _figures(statement),
        _adjustments(statement, trusted),
    ]


def _listed(statement: Statement) -> list[str]:
    """Whether lists show what the content says, and whose and of which month it is."""
    try:
        said = statement.said
        is_same = statement.summary == summary_of(said)
    except UnreadableStatementError as error:
        return [f"The content cannot be read. {error}"]
    flaws = (
        [] if is_same else [f"What lists show of {statement.name} is not what its content says."]
    )
    kept = {
        "customer": (statement.customer.slug, said.customer.slug),
        "month": (statement.period, said.period.key),
        "number": (statement.number, said.number),
        "statement before": (statement.previous, said.previous),
        "time of the seal": (statement.built_at, said.sealed_at),
    }
    return flaws + [
        f"It is kept under the {name} {there}; its content says {sealed}."
        for name, (there, sealed) in kept.items()
        if there != sealed
    ]


def _evidence(statement: Statement) -> Check:
    rows = rows_of(statement)
    what = _("%(count)s records, each with a hash of its own") % {"count": number(len(rows))}
    try:
        listed = [Entry(*entry) for entry in json.loads(bytes(statement.evidence_list))]
        root = statement.said.evidence.root
    except (ValueError, TypeError, UnreadableStatementError) as error:
        return Check("evidence", what, (f"The list of evidence cannot be read: {error}",))
    found = evidence.examine(rows, listed, sealed_root=root)
    return Check("evidence", what, tuple(one.sentence for one in found))


def _figures(statement: Statement) -> Check:
    """Count everything again from the sealed evidence."""
    what = _("counted again from the sealed records")
    try:
        said = statement.said
        made = assemble(statement_frame.again(statement, said), read_back(rows_of(statement)))
    except (UnreadableStatementError, ValueError) as error:
        return Check("figures", what, (f"Nothing can be counted from them: {error}",))
    flaws = tuple(one.sentence for one in difference(said, made) if not _is_root(one.path))
    return Check("figures", what, flaws)


def _is_root(path: str) -> bool:
    """What the check of the evidence tells with the row's name."""
    return path.startswith("evidence.")


def rows_of(statement: Statement) -> list[Row]:
    """The evidence as it was kept."""
    kept = StatementEvidence.objects.filter(statement=statement)
    return [Row(*one) for one in kept.values_list("kind", "name", "fields").iterator()]


def _adjustments(statement: Statement, trusted: Sequence[str]) -> Check:
    signed = adjustments_of(statement)
    flaws = adjustment.examine(signed, statement=statement.hash, trusted=trusted)
    return Check(
        "adjustments",
        _("corrections since the seal: %(count)s") % {"count": len(signed) or _("none")},
        tuple(flaws),
    )


def adjustments_of(statement: Statement) -> list[tuple[Adjustment, Signature]]:
    """The signed corrections in their order."""
    signed = StatementAdjustment.objects.filter(
        statement=statement, state=StatementAdjustment.State.SIGNED
    )
    return [
        (_adjustment(row, statement), Signature(row.key, row.signature))
        for row in signed.order_by("number")
    ]


def _adjustment(row: StatementAdjustment, statement: Statement) -> Adjustment:
    if row.number is None or row.decided_at is None:
        raise ValueError("it is not signed yet")
    return Adjustment(
        statement=statement.hash,
        number=row.number,
        previous=row.previous,
        changes=tuple(Change(**change) for change in row.changes),
        reason=row.reason,
        author=row.author_name,
        approver=row.approver,
        at=row.decided_at,
    )
