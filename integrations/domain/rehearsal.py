"""Test orders: what an endpoint that is not live yet takes part in, and nothing else."""

from collections.abc import Iterable

from integrations.domain.configuration import Configuration, FlowConfig


def open_to(
    config: Configuration, flows: Iterable[FlowConfig], *, number: str = "", sku: str = ""
) -> list[FlowConfig]:
    """Of `flows` those that what belongs to order `number`, or says how much there is of `sku`, may
    take: all that are live, and those being tried if it is a test order or what one asks for."""
    is_test = number in config.test_orders or sku in config.test_skus
    return [flow for flow in flows if is_test or not flow.testing]


def routed(config: Configuration, flows: Iterable[FlowConfig], number: str) -> list[FlowConfig]:
    """The routed flows of an order. A test order goes to the warehouse that is being tried, if one is:
    rules do not name it yet."""
    found = [flow for flow in open_to(config, flows, number=number) if flow.routed]
    tried = [flow for flow in found if config.endpoints[flow.target_id].testing]
    return tried if number in config.test_orders and tried else found
