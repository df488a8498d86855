"""A statement as files: PDF, table, the sealed bytes themselves, and its evidence."""

import csv
import io
import json
from collections.abc import Iterator

from integrations.formats.table_cells import guarded
from monitoring.documents.statement import Sealed, statement_pdf
from monitoring.documents.statement_table import statement_csv
from monitoring.domain.statement_check import adjustments_of
from monitoring.models import Statement, StatementEvidence
from monitoring.seal import Row
from portal.tenants import letterhead


def name_of(statement: Statement, ending: str) -> str:
    """`harbor-2026-04.pdf`"""
    return f"{statement.customer.slug}-{statement.period}.{ending}"


def pdf(statement: Statement) -> bytes:
    """The statement with its corrections: the same bytes until another is signed."""
    corrections = [one for one, _ in adjustments_of(statement)]
    said = statement.said
    sealed = Sealed(statement.hash, statement.key, corrections)
    return statement_pdf(said, sealed, letterhead.of_version(said.issuer.brand))


def table(statement: Statement) -> bytes:
    """The figures as CSV, as they were sealed."""
    return statement_csv(statement.said, digest=statement.hash)


def evidence_lines(statement: Statement) -> Iterator[bytes]:
    """The evidence as CSV, line by line: kind, id, what counts as JSON, and the hash of all that."""
    yield b"kind,id,fields,sha256\r\n"
    rows = StatementEvidence.objects.filter(statement=statement)
    for kind, name, fields in rows.values_list("kind", "name", "fields").iterator():
        text = json.dumps(fields, ensure_ascii=False, sort_keys=True)
        yield _line(kind, name, text, Row(kind, name, fields).digest)


def _line(*cells: str) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([guarded(cell) for cell in cells])
    return out.getvalue().encode()
