"""The last member of an export: what it holds, so that whoever reads it can tell that it is whole."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from portal.console.archive import left_out

NAME: Final = "manifest.json"
FORMAT: Final = "partner-export"
VERSION: Final = 1


def manifest(
    about: Mapping[str, str], parts: Sequence[Mapping[str, Any]], *, payloads: int
) -> bytes:
    """`about`: partner, name, state, begun, finished. `parts`: [{name, table, rows, sha256}]."""
    rows: Counter[str] = Counter()
    for part in parts:
        rows[part["table"]] += part["rows"]
    said = {
        "format": FORMAT,
        "version": VERSION,
        **about,
        # Of a partner that was open meanwhile each table is as it was when it was written.
        "at_one_instant": about["state"] == "archived",
        "tables": dict(sorted(rows.items())),
        "payloads": payloads,
        "parts": list(parts),
        "left_out": {
            "tables": dict(left_out.TABLES),
            "columns": {f"{t}.{c}": why for (t, c), why in left_out.COLUMNS.items()},
        },
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()
