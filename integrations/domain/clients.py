"""Clients of endpoints, kept open between bites: connections are expensive, handshakes more so."""

from integrations.connectors.base import Client
from integrations.domain.configuration import EndpointConfig
from portal.tenants.current import current_schema

_open: dict[tuple[str, int], tuple[EndpointConfig, Client]] = {}


def of(target: EndpointConfig) -> Client:
    """The client of an endpoint; a new one when its settings or credentials changed."""
    key = (current_schema(), target.id)
    known = _open.get(key)
    if known and known[0].connection == target.connection:
        return known[1]
    if known:
        known[1].close()
    client = target.connector.client(target.connection)
    _open[key] = (target, client)
    return client


def forget() -> None:
    """Close every client; the next use opens a new one."""
    for _, client in _open.values():
        client.close()
    _open.clear()
