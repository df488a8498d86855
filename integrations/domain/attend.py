"""What a person does to an endpoint: pause it, let it go on, try it out."""

from integrations.connectors.client import Check
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
    """Try the connection, line by line. Sends no document; a failure is a line and no error."""
    config = endpoint_config(endpoint)
    try:
        client = config.connector.client(config.connection)
    except CrossdockError as error:
        return [Check("settings", False, str(error))]
    try:
        return client.test_connection()
    except CrossdockError as error:
        return [Check("connection", False, str(error))]
    finally:
        client.close()
