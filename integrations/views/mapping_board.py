"""What the mapping editor shows: rows with their values, the sample's fields, the result."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.canonical.schema import schema_of
from integrations.canonical.validation import validate
from integrations.domain.compose import Given
from integrations.domain.configuration import Configuration
from integrations.domain.samples import Place, Samples
from integrations.evidence import Result, compare
from integrations.mapping import Row
from integrations.mapping.check import missing
from integrations.mapping.fields import SourceField, TargetField, source_fields, target_fields
from integrations.mapping.form import describe, read_form
from integrations.mapping.preview import Preview, preview
from integrations.mapping.suggest import Earlier, suggest
from integrations.models import MappingVersion

HOW = {"Formula": "JSONata", "Concat": "text", "Several": "list", "Link": "id there"}
MOST_FIELDS, MOST_CHANGES, MOST_EARLIER = 400, 12, 50
_NAMES = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass
class Board:
    """One state of the editor. Values are only filled for people who may see payloads."""

    rows: list[dict[str, Any]]
    ghosts: list[dict[str, Any]]
    fields: list[dict[str, Any]]
    result: list[dict[str, Any]]
    problems: list[dict[str, str]]
    against: list[str]
    errors: int

    @property
    def missing(self) -> int:
        return sum(ghost["required"] for ghost in self.ghosts)


def board(
    config: Configuration,
    place: Place,
    rows: Sequence[Row],
    samples: Samples,
    *,
    may_see: bool,
) -> Board:
    """Run the draft on the chosen sample and lay everything out."""
    schema = schema_of(place.object_type)
    targets = {f.path: f for f in target_fields(schema, given=[row.target for row in rows])}
    given = samples.chosen.given if samples.chosen else None
    shown = _run(rows, given)
    problems = _problems(place, shown, given)
    lacking = missing(schema, rows) if place.direction == "in" else []
    earlier = list(_earlier(config, place)) if lacking else []
    return Board(
        rows=[
            _row(n, row, shown, targets, may_see=may_see, tried=given is not None)
            for n, row in enumerate(rows)
        ],
        ghosts=[
            {
                "target": field.path,
                "required": True,
                "help": field.help,
                "suggestions": _suggestions(field, given, rows, earlier),
            }
            for field in lacking
        ],
        fields=_fields(given, rows, may_see=may_see),
        result=_result(shown, problems) if may_see else [],
        problems=problems,
        against=_against(config, place, shown, given) if may_see else [],
        errors=sum(bool(result.error) for result in shown.rows),
    )


def _suggestions(
    field: TargetField, given: Given | None, rows: Sequence[Row], earlier: list[Earlier]
) -> list[dict[str, Any]]:
    if given is None:
        return []
    found = suggest(field, source_fields([given.document]), rows=rows, earlier=earlier)
    return [one._asdict() for one in found]


def suggested(
    config: Configuration, place: Place, target: str, given: Given | None, rows: Sequence[Row]
) -> list[dict[str, Any]]:
    """What could be the source of a target nobody has mapped; empty for one that is none."""
    fields = {f.path: f for f in target_fields(schema_of(place.object_type), given=[target])}
    if target not in fields:
        return []
    return _suggestions(fields[target], given, rows, list(_earlier(config, place)))


def _earlier(config: Configuration, place: Place) -> Iterator[Earlier]:
    """How the partner's other endpoints are mapped for the same type: this customer's first, with the
    connectors' defaults, then what was written for other customers."""
    for endpoint in config.endpoints.values():
        if endpoint.id != place.endpoint.id:
            for row in config.rows(endpoint.id, place.object_type, place.direction):
                yield Earlier(endpoint.label, row.target, row.source)
    others = MappingVersion.objects.filter(
        object_type=place.object_type, direction=place.direction
    ).exclude(endpoint__customer_id=config.customer_id)
    newest = others.order_by("endpoint_id", "-version").distinct("endpoint_id")
    for version in newest.select_related("endpoint__customer")[:MOST_EARLIER]:
        whose = f"{version.endpoint.label} of {version.endpoint.customer.name}"
        for target, source in version.rows:
            yield Earlier(whose, target, source)


def _run(rows: Sequence[Row], given: Given | None) -> Preview:
    if given is None:
        nothing = Given({}, lambda table, code: code, lambda kind, number: number, {})
        return preview(rows, **nothing._asdict())
    return preview(rows, **given._asdict())


def _problems(place: Place, shown: Preview, given: Given | None) -> list[dict[str, str]]:
    """What is wrong with the result: what the rows report, then what the schema asks for."""
    if given is None or shown.body is None:
        return []
    found = list(shown.problems)
    if place.direction == "in":
        found += validate(place.object_type, shown.body)
    return [{"path": p.path, "text": p.text} for p in found[:50]]


def _row(
    n: int, row: Row, shown: Preview, targets: dict[str, Any], *, may_see: bool, tried: bool
) -> dict[str, Any]:
    form, result, field = read_form(row), shown.rows[n], targets.get(row.target)
    name = type(form).__name__
    depth = row.target.count(".")
    return {
        "n": n,
        "target": row.target,
        "short": row.target.rpartition(".")[2] if depth else row.target,
        "depth": min(depth, 3),
        "required": bool(field and field.required),
        "help": field.help if field else "",
        "how": HOW.get(name, name.lower()),
        "words": describe(form),
        "source": row.source,
        "value": result.value_text if may_see and tried else "",
        "error": result.error,
    }


def _fields(given: Given | None, rows: Sequence[Row], *, may_see: bool) -> list[dict[str, Any]]:
    """The sample's fields, and which of them a row reads."""
    if given is None:
        return []
    names = {name for row in rows for name in _NAMES.findall(row.source)}
    found: list[SourceField] = source_fields([given.document])
    return [
        {
            "path": field.path,
            "value": " | ".join(field.values) if may_see else "",
            "kind": field.kind,
            "used": _leaf(field.path).strip("`") in names,
            "depth": min(field.path.count("."), 3),
            "short": _leaf(field.path),
            "group": field.kind in ("object", "list"),
        }
        for field in found[:MOST_FIELDS]
    ]


def _leaf(path: str) -> str:
    return path.rpartition(".")[2]


def _result(shown: Preview, problems: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The result as lines of JSON, those with a problem marked by it."""
    if shown.body is None:
        return []
    wrong = {_name(p["path"]): p["text"] for p in problems}
    lines = json.dumps(shown.body, indent=2, ensure_ascii=False, default=str).splitlines()
    return [{"text": line, "problem": wrong.get(_key(line), "")} for line in lines[:600]]


def _name(path: str) -> str:
    return path.rpartition(".")[2].partition("[")[0]


def _key(line: str) -> str:
    stripped = line.strip()
    return stripped[1:].partition('"')[0] if stripped.startswith('"') and '":' in stripped else ""


def _against(config: Configuration, place: Place, shown: Preview, given: Given | None) -> list[str]:
    """How this sample would come out otherwise than live, in words."""
    if given is None or shown.body is None:
        return []
    live = _run(config.rows(place.endpoint.id, place.object_type, place.direction), given)
    found = compare("sample", Result(live.body), Result(shown.body)).fields
    words = [f"{one.at} {_value(one.after)}, was {_value(one.before)}" for one in found]
    more = [f"and {len(words) - MOST_CHANGES} more"] if len(words) > MOST_CHANGES else []
    return [*words[:MOST_CHANGES], *more]


def _value(value: Any) -> str:
    text = "empty" if value is None else str(value)
    return text if len(text) < 60 else text[:59] + "…"
