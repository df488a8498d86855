"""Clients of endpoints, kept open between bites: connections are expensive, handshakes more so.

Whoever wants more of a client than to try it out asks for it here by what the client has to do.
"""

from integrations.connectors.client import (
    Client,
    Delivers,
    Fetches,
    FetchesOne,
    HasRelations,
    PutsFiles,
    Snapshots,
)
from integrations.connectors.manifest import Capability
from integrations.domain.configuration import EndpointConfig
from portal.tenants.current import current_schema

_open: dict[tuple[str, int], tuple[EndpointConfig, Client]] = {}


def fetching(target: EndpointConfig) -> Fetches:
    """The client of an endpoint that is polled. TypeError where its connector cannot."""
    client = _of(target)
    if not isinstance(client, Fetches):
        raise _unable(target, "poll")
    return client


def delivering(target: EndpointConfig) -> Delivers:
    """The client of an endpoint that takes documents one by one. TypeError where it does not."""
    client = _of(target)
    if not isinstance(client, Delivers):
        raise _unable(target, "deliver")
    return client


def putting_files(target: EndpointConfig) -> PutsFiles:
    """The client of an endpoint that takes files. TypeError where it does not."""
    client = _of(target)
    if not isinstance(client, PutsFiles):
        raise _unable(target, "envelope")
    return client


def telling(target: EndpointConfig) -> Snapshots:
    """The client of an endpoint that says what it has. TypeError where it does not."""
    client = _of(target)
    if not isinstance(client, Snapshots):
        raise _unable(target, "snapshot")
    return client


def relating(target: EndpointConfig) -> HasRelations:
    """The client of an endpoint whose tables can be published. TypeError where it has none."""
    client = _of(target)
    if not isinstance(client, HasRelations):
        raise _unable(target, "resources")
    return client


def fetching_one(target: EndpointConfig) -> FetchesOne | None:
    """The client of an endpoint that gives one order when asked for it; None where it does not."""
    client = _of(target)
    return client if isinstance(client, FetchesOne) else None


def forget() -> None:
    """Close every client; the next use opens a new one."""
    for _, client in _open.values():
        client.close()
    _open.clear()


def _of(target: EndpointConfig) -> Client:
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


def _unable(target: EndpointConfig, wanted: Capability) -> TypeError:
    manifest = target.connector.manifest
    claims = "claims" if wanted in manifest.capabilities else "does not claim"
    return TypeError(
        f"The connector {manifest.slug} {claims} the capability {wanted}, and its client has no"
        " method for it."
    )
