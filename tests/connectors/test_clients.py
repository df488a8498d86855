"""What the engine is told when it asks a client for something it cannot do."""

from dataclasses import replace

import pytest

from integrations.connectors import registry
from integrations.connectors.manifest import Capability
from integrations.domain import clients
from integrations.domain.configuration import EndpointConfig
from tests.connectors.conformance import connection

HTTP = registry.get("http")


def endpoint(*claims: Capability) -> EndpointConfig:
    """An endpoint of an HTTP connector that claims these capabilities."""
    connector = replace(HTTP, manifest=replace(HTTP.manifest, capabilities=frozenset(claims)))
    return EndpointConfig(
        id=7,
        slug="harbor",
        label="Harbor",
        customer_id=1,
        connector=connector,
        connection=connection(connector, settings={}, secrets={}),
        site="",
        pickup={},
        channel=None,
        active=True,
        testing=False,
        rate=5.0,
    )


def test_a_connector_that_claims_what_its_client_cannot_do_is_named() -> None:
    with pytest.raises(TypeError) as caught:
        clients.fetching(endpoint("deliver", "poll"))
    assert str(caught.value) == (
        "The connector http claims the capability poll, and its client has no method for it."
    )


def test_a_connector_that_never_claimed_it_is_named_too() -> None:
    with pytest.raises(TypeError) as caught:
        clients.putting_files(endpoint("deliver"))
    assert str(caught.value) == (
        "The connector http does not claim the capability envelope,"
        " and its client has no method for it."
    )


def test_one_client_is_kept_for_an_endpoint() -> None:
    assert clients.delivering(endpoint("deliver")) is clients.delivering(endpoint("deliver"))
