"""Writing the configuration back: the same format, always in the same order, no secrets."""

from collections.abc import Iterator
from typing import Any

from integrations.configfile.dump import FlatRow, dump
from integrations.configfile.environment import placeholder_for
from integrations.configfile.latency import latency_of
from integrations.configfile.outlook import find_connector
from integrations.configfile.stored import Stored, load
from integrations.models import Endpoint, Flow, LookupTable
from integrations.yaml_source import Entry
from portal.core.secrets import decrypt
from portal.customers import calendars
from portal.customers.calendar_json import to_json


class UnknownCustomerError(LookupError):
    """There is no customer of that name."""


def export(*, customer: str | None = None) -> str:
    """The partner of the current schema as a file, or only one customer and what is theirs.

    A secret is written as ${ENDPOINT_SECRET}. UnknownCustomerError for a customer there is not,
    NeedsCredentials when the key of the stored secrets is lost.
    """
    stored = load()
    if customer is not None and customer not in stored.customers:
        raise UnknownCustomerError(customer)
    sections = {
        "customers": list(_customers(stored, customer)),
        "endpoints": list(_endpoints(stored, customer)),
        "flows": list(_flows(stored, customer)),
        "routes": list(_routes(stored, customer)),
        "lookups": list(_lookups(stored, customer)),
        "mappings": list(_mappings(stored, customer)),
    }
    filled = {name: entries for name, entries in sections.items() if entries}
    return dump(filled)


def _customers(stored: Stored, only: str | None) -> Iterator[Entry]:
    for row in stored.customers.values():
        if only in (None, row.slug):
            yield {
                "slug": row.slug,
                "name": row.name,
                "time_zone": row.time_zone,
                "currency": row.currency,
                "calendar": to_json(calendars.of(row)),
                "extensions": _in_order(row.extensions),
                "policies": _in_order(row.policies),
            }


def _endpoints(stored: Stored, only: str | None) -> Iterator[Entry]:
    for row in stored.endpoints.values():
        if only in (None, row.customer.slug):
            yield {
                "slug": row.slug,
                "customer": row.customer.slug,
                "label": row.label,
                "connector": row.connector,
                "settings": _settings(row),
                "secrets": _secrets(row),
                "site": row.site,
                "pickup": _in_order(row.pickup) or None,
                "channel": _in_order(row.channel),
                "rate_per_second": row.rate_per_second,
                "concurrency": row.concurrency,
                "poll": {c.stream: c.every_seconds for c in _cursors(row)},
                "state": str(row.state),
            }


def _secrets(row: Endpoint) -> dict[str, str]:
    names = sorted(decrypt(bytes(row.secrets))) if row.secrets else []
    return {name: placeholder_for(row.slug, name) for name in names}


def _cursors(row: Endpoint) -> list[Any]:
    return sorted(row.cursors.all(), key=lambda cursor: cursor.stream)


def _settings(row: Endpoint) -> dict[str, Any]:
    """In the order in which the connector asks for them."""
    connector = find_connector(row.connector)
    known = [setting.name for setting in connector.settings] if connector else []
    names = [name for name in known if name in row.settings]
    names += sorted(row.settings.keys() - set(names))
    return {name: _in_order(row.settings[name]) for name in names}


def _flows(stored: Stored, only: str | None) -> Iterator[Entry]:
    for row in stored.flows.values():
        if only in (None, row.customer.slug):
            yield _flow(row)


def _flow(row: Flow) -> Entry:
    return {
        "slug": row.slug,
        "customer": row.customer.slug,
        "object": row.object_type,
        "from": row.source.slug,
        "to": row.target.slug,
        "latency": latency_of(row),
        "routed": row.routed,
        "enabled": row.enabled,
    }


def _routes(stored: Stored, only: str | None) -> Iterator[Entry]:
    for slug, row in stored.rules.items():
        if only in (None, slug):
            yield {"customer": slug, "rules": _in_order(row.rules)}


def _lookups(stored: Stored, only: str | None) -> Iterator[Entry]:
    for (owner, name), table in stored.lookups.items():
        if only in (None, owner):
            yield {
                **({"customer": owner} if owner else {}),
                "name": name,
                "default": _default(table),
                "rows": {row.code: row.value for row in sorted(table.rows.all(), key=_code)},
            }


def _code(row: Any) -> str:
    return str(row.code)


def _default(table: LookupTable) -> str | dict[str, str]:
    if table.default == LookupTable.Default.VALUE:
        return {"value": table.default_value}
    return str(table.default)


def _mappings(stored: Stored, only: str | None) -> Iterator[Entry]:
    for (endpoint, object_type, direction), row in stored.mappings.items():
        if only in (None, row.endpoint.customer.slug):
            yield {
                "endpoint": endpoint,
                "object": object_type,
                "direction": direction,
                "rows": [FlatRow(pair) for pair in row.rows],
            }


def _in_order(value: Any) -> Any:
    """JSON from the database with its keys sorted, whatever order it keeps them in."""
    if isinstance(value, dict):
        return {key: _in_order(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_in_order(item) for item in value]
    return value
