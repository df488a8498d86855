"""What a person does to an endpoint: pause it, let it go on, try it out."""

from collections.abc import Iterator

from integrations.connectors import checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Connector
from integrations.domain import health
from integrations.domain.configuration import endpoint_config
from integrations.models import Endpoint
from portal.core import breaker
from portal.core.errors import CrossdockError
from portal.jobs import lanes


def pause(endpoint: Endpoint) -> None:
    """Send nothing to and fetch nothing from the endpoint until it is resumed. Webhooks are stored."""
    endpoint.state = Endpoint.State.PAUSED
    endpoint.save(update_fields=["state"])


def resume(endpoint: Endpoint) -> None:
    """Let what waits go out and polls go on, and close a breaker that is not closed."""
    endpoint.state = Endpoint.State.ACTIVE
    endpoint.save(update_fields=["state"])
    if breaker.from_json(endpoint.breaker.get("state")).state != "closed":
        health.reset(endpoint)
    lanes.wake("deliver", str(endpoint.pk))
    lanes.wake("poll", str(endpoint.pk))


def test(endpoint: Endpoint) -> list[Check]:
    """Try the connection of an endpoint, line by line. Sends no document; a failure is a line and no
    error."""
    config = endpoint_config(endpoint)
    return list(try_out(config.connector, config.connection))


def try_out(connector: Connector, connection: Connection) -> Iterator[Check]:
    """Try a connection, whether or not an endpoint has it yet. One line for each of
    `integrations.connectors.client.STEPS`, each as soon as it is known."""
    try:
        client = connector.client(connection)
    except CrossdockError as error:
        yield from checks.of_settings(error)
        return
    try:
        yield from client.test_connection()
    finally:
        client.close()
