"""From an endpoint's stored row to what its connector is given."""

from collections.abc import Mapping
from typing import Any

from integrations.connectors.base import Connection, Connector
from portal.core.secrets import decrypt


def connection_from(
    connector: Connector,
    *,
    endpoint_id: int,
    slug: str,
    settings: Mapping[str, Any],
    secrets: bytes | memoryview | None,
    concurrency: int,
) -> Connection:
    """Fill in defaults and decrypt. Raises the errors of `portal.core.secrets` for a lost key."""
    defaults = {
        s.name: list(s.default) if isinstance(s.default, tuple) else s.default
        for s in connector.settings
        if not s.secret
    }
    return Connection(
        endpoint_id=endpoint_id,
        slug=slug,
        settings={**defaults, **settings},
        secrets=decrypt(bytes(secrets)) if secrets else {},
        concurrency=concurrency,
    )
