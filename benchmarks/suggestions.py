"""Hide a row of a shipped mapping: is the field it reads proposed first?

For every row that reads at least one field of a sample, the other rows of its mapping stay, and the
mappings of the other connectors count as what the partner mapped before, never those of its own
connector. A hit: the first suggestion names a field the hidden row reads. Rows that read no field
(constants, the settings, the context) and rows for targets the schema does not name are left out;
`--detail` says how many. Outbound mappings have a target's own document for which there is no schema,
so only inbound ones are counted.

`python -m benchmarks.suggestions` prints {"top1", "rows"}.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from benchmarks import evidence_streams as streams
from integrations.canonical.schema import schema_of
from integrations.mapping import Row
from integrations.mapping.fields import SourceField, source_fields, target_fields
from integrations.mapping.suggest import Earlier, suggest

SAMPLES = 20
WHOSE = {
    "shop orders": "store", "ERP products": "ERP", "ERP invoices": "ERP", "ERP prices": "ERP",
    "shipments": "warehouse", "stock": "warehouse",
}  # fmt: skip
_NAME = re.compile(r"`[^`]+`|[A-Za-z_][A-Za-z0-9_]*(?:\.(?:`[^`]+`|[A-Za-z_][A-Za-z0-9_]*))*")
_CALL = re.compile(r"\$\$?\w+\s*(?=\()|\"[^\"]*\"|'[^']*'|\$(?:context|settings)[\w.]*")


class Hidden(NamedTuple):
    stream: str
    row: Row
    wanted: frozenset[str]


def paths_read(row: Row, rows: Sequence[Row], fields: Sequence[SourceField]) -> frozenset[str]:
    """The fields of the sample a row reads, whole paths, through the loop it stands in."""
    known = {field.path for field in fields if field.kind != "object"}
    head = row.target.rpartition(".")[0]
    loop = next((r.source.strip() for r in rows if r.target == head and head.endswith("[]")), "")
    names = _NAME.findall(_CALL.sub(" ", row.source))
    whole = {f"{loop}.{name}" if loop else name for name in names} | set(names)
    return frozenset(path for path in known if path in whole)


def hidden_rows(name: str) -> Iterator[tuple[Hidden, list[SourceField]]]:
    """Every row that counts, with the sample's fields."""
    stream = streams.STREAMS[name]
    fields = source_fields(streams.natives(name)[:SAMPLES])
    targets = {f.path for f in target_fields(schema_of(stream.object_type))}
    for row in stream.rows:
        wanted = paths_read(row, stream.rows, fields)
        if wanted and row.target in targets:
            yield Hidden(name, row, wanted), fields


def is_first(hidden: Hidden, fields: Sequence[SourceField]) -> bool:
    """Whether what is proposed first is what the hidden row reads."""
    stream = streams.STREAMS[hidden.stream]
    rows = [row for row in stream.rows if row != hidden.row]
    schema = schema_of(stream.object_type)
    given = [row.target for row in rows]
    target = next(f for f in target_fields(schema, given=given) if f.path == hidden.row.target)
    found = suggest(target, fields, rows=rows, earlier=list(earlier_of(hidden.stream)))
    return bool(found) and found[0].path in hidden.wanted


def earlier_of(name: str) -> Iterator[Earlier]:
    """The rows of the other connectors' mappings."""
    for other, whose in WHOSE.items():
        if whose != WHOSE[name]:
            for row in streams.STREAMS[other].rows:
                yield Earlier(whose, row.target, row.source)


def main() -> int:
    detail: dict[str, list[tuple[str, bool]]] = {}
    for name in WHOSE:
        for hidden, fields in hidden_rows(name):
            detail.setdefault(name, []).append((hidden.row.target, is_first(hidden, fields)))
    if "--detail" in sys.argv:
        _show(detail)
    outcomes = [hit for rows in detail.values() for _, hit in rows]
    result: dict[str, Any] = {
        "top1": round(sum(outcomes) / len(outcomes), 3),
        "rows": len(outcomes),
    }
    print(json.dumps(result))
    return 0


def _show(detail: dict[str, list[tuple[str, bool]]]) -> None:
    for name, rows in detail.items():
        missed = ", ".join(target for target, hit in rows if not hit) or "none"
        every = len(streams.STREAMS[name].rows)
        print(f"{name}: {sum(h for _, h in rows)} of {len(rows)} ({every} rows); missed: {missed}")


if __name__ == "__main__":
    sys.exit(main())
