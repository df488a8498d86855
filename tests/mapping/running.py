"""Run a few rows on a document, with small tables."""

from collections.abc import Mapping
from typing import Any

from integrations.mapping import MISSING, Outcome, Row, compile_mapping

Table = Mapping[tuple[str, str], Any]


def run(
    rows: Mapping[str, str],
    document: Any = None,
    *,
    lookups: Table | None = None,
    bindings: Table | None = None,
    context: Mapping[str, Any] | None = None,
) -> Outcome:
    mapping = compile_mapping([Row(*pair) for pair in rows.items()], name="test")
    return mapping.run(
        document,
        lookup=lambda table, code: (lookups or {}).get((table, code), MISSING),
        binding=lambda kind, key: (bindings or {}).get((kind, key), MISSING),
        context=context,
    )


def body(rows: Mapping[str, str], document: Any = None, **given: Any) -> dict[str, Any] | None:
    outcome = run(rows, document, **given)
    assert outcome.problems == []
    return outcome.body


def one(source: str, document: Any = None, **given: Any) -> Any:
    found = body({"v": source}, document, **given)
    assert found is not None
    return found.get("v")
