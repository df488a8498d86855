"""Writing what a checked file says, kind by kind. Each writer yields a line for what it changed.

A row that is as the file says is not written, so that a second run leaves no trace.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db.models import Model

from integrations.configfile.latency import columns_of, latency_of, latency_words
from integrations.configfile.stored import Stored
from integrations.configfile.words import describe_change, is_same
from integrations.domain import changes
from integrations.models import Flow, LookupRow, LookupTable, MappingVersion, RoutingRules
from integrations.yaml_source import Entry, Source
from portal.customers import adding, calendars
from portal.customers.calendar_json import to_json

AUTHOR: Final = "configuration file"
_CUSTOMER: Final = ("name", "time_zone", "currency", "extensions", "policies")
_FLOW: Final = ("routed", "enabled")


def update(row: Model, wanted: dict[str, Any]) -> list[str]:
    """Set the columns that differ, save only them, and say what changed."""
    changed = {name: v for name, v in wanted.items() if not is_same(getattr(row, name), v)}
    words = [w for name, v in changed.items() for w in describe_change(name, getattr(row, name), v)]
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=list(changed))
    return words


def line(noun: str, name: str, words: list[str]) -> Iterator[str]:
    """`changed flow …: …`, or nothing when nothing changed."""
    if words:
        yield f"changed {noun} {name}: {', '.join(words)}"


def _chosen(entry: Entry, names: Iterable[str]) -> dict[str, Any]:
    return {name: entry[name] for name in names if name in entry}


def write_customers(source: Source, stored: Stored) -> Iterator[str]:
    for _, entry in source.entries("customers"):
        slug, wanted = entry["slug"], _chosen(entry, _CUSTOMER)
        if "calendar" in entry:
            wanted["calendar"] = to_json(calendars.read(entry["calendar"], zone="UTC"))
        row = stored.customers.get(slug)
        if row:
            yield from line("customer", slug, update(row, wanted))
        else:
            stored.customers[slug] = adding.add(slug, **wanted)
            yield f"created customer {slug}"


def write_flows(source: Source, stored: Stored) -> Iterator[str]:
    for _, entry in source.entries("flows"):
        row = stored.flows.get(entry["slug"])
        if row:
            yield from line("flow", row.slug, _change_flow(row, entry))
        else:
            _create_flow(entry, stored)
            yield f"created flow {entry['slug']}"


def _create_flow(entry: Entry, stored: Stored) -> None:
    Flow.objects.create(
        slug=entry["slug"],
        customer=stored.customers[entry["customer"]],
        object_type=entry["object"],
        source=stored.endpoints[entry["from"]],
        target=stored.endpoints[entry["to"]],
        **columns_of(entry.get("latency", "realtime")),
        **_chosen(entry, _FLOW),
    )


def _change_flow(row: Flow, entry: Entry) -> list[str]:
    before = latency_of(row)
    latency = entry.get("latency", before)
    words = []
    if latency_words(latency) != latency_words(before):
        update(row, columns_of(latency))
        words.append(f"latency {latency_words(before)} → {latency_words(latency)}")
    return words + update(row, _chosen(entry, _FLOW))


def write_lookups(source: Source, stored: Stored) -> Iterator[str]:
    for _, entry in source.entries("lookups"):
        owner = entry.get("customer", "")
        name = f"{owner} {entry['name']}".strip()
        table = stored.lookups.get((owner, entry["name"]))
        wanted = _default_columns(entry)
        if table:
            yield from line("lookup", name, update(table, wanted) + _change_rows(table, entry))
        else:
            customer = stored.customers[owner] if owner else None
            table = LookupTable.objects.create(customer=customer, name=entry["name"], **wanted)
            _change_rows(table, entry)
            yield f"created lookup {name}"


def _default_columns(entry: Entry) -> dict[str, Any]:
    if "default" not in entry:
        return {}
    default = entry["default"]
    if isinstance(default, dict):
        return {"default": LookupTable.Default.VALUE, "default_value": default["value"]}
    return {"default": default, "default_value": ""}


def _change_rows(table: LookupTable, entry: Entry) -> list[str]:
    """Rows the file does not name stay: people add them while documents wait."""
    there = {row.code: row for row in table.rows.all()}
    wanted = entry.get("rows", {})
    new = [
        LookupRow(table=table, code=code, value=value, added_by=AUTHOR)
        for code, value in wanted.items()
        if value is not None and code not in there
    ]
    gone = [there[code].pk for code, value in wanted.items() if value is None and code in there]
    other = [row for code, row in there.items() if wanted.get(code) not in (None, row.value)]
    for row in other:
        row.value, row.added_by = wanted[row.code], AUTHOR
    LookupRow.objects.bulk_create(new, batch_size=1000)
    LookupRow.objects.bulk_update(other, ["value", "added_by"], batch_size=1000)
    LookupRow.objects.filter(pk__in=gone).delete()
    counts = ((len(new), "added"), (len(other), "changed"), (len(gone), "removed"))
    words = [f"{count} row{'s'[: count > 1]} {verb}" for count, verb in counts if count]
    if words:
        changes.touch(table.customer_id)  # rows written in bulk send no signals
    return words


def write_routes(source: Source, stored: Stored) -> Iterator[str]:
    for _, entry in source.entries("routes"):
        slug, newest = entry["customer"], stored.rules.get(entry["customer"])
        if is_same(newest.rules if newest else [], entry["rules"]):
            continue
        version = newest.version + 1 if newest else 1
        customer = stored.customers[slug]
        RoutingRules.objects.create(customer=customer, version=version, rules=entry["rules"])
        verb = "changed" if newest else "created"
        yield f"{verb} routes {slug}: version {version}, rules: {len(entry['rules'])}"


def write_mappings(source: Source, stored: Stored) -> Iterator[str]:
    for _, entry in source.entries("mappings"):
        key = (entry["endpoint"], entry["object"], entry["direction"])
        newest = stored.mappings.get(key)
        if newest and is_same(newest.rows, entry["rows"]):
            continue
        version = newest.version + 1 if newest else 1
        MappingVersion.objects.create(
            endpoint=stored.endpoints[entry["endpoint"]],
            object_type=entry["object"],
            direction=entry["direction"],
            version=version,
            rows=entry["rows"],
            author=AUTHOR,
        )
        verb = "changed" if newest else "created"
        yield f"{verb} mapping {' '.join(key)}: version {version}, rows: {len(entry['rows'])}"
