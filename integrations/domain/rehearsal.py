"""Test orders: what an endpoint that is not live yet takes part in, and nothing else."""

from collections.abc import Iterable
from typing import Final

from integrations.domain.configuration import Configuration, FlowConfig

TAG: Final = "TEST-"


def is_test(number: str) -> bool:
    """Whether an order of this number is a rehearsal."""
    return number.startswith(TAG)


def open_to(flows: Iterable[FlowConfig], number: str) -> list[FlowConfig]:
    """Of `flows` those that what belongs to order `number` may take ("": to none)."""
    return [flow for flow in flows if not flow.testing or is_test(number)]


def rehearsed_first(
    config: Configuration, flows: Iterable[FlowConfig], number: str
) -> list[FlowConfig]:
    """The routed flows of an order. A test order goes to the warehouse that is being tried, if one is:
    rules do not name it yet."""
    routed = [flow for flow in open_to(flows, number) if flow.routed]
    tried = [flow for flow in routed if config.endpoints[flow.target_id].testing]
    return tried if is_test(number) and tried else routed
