"""Where the cases are that hold our messages: told by the floor above, which knows cases."""

from collections.abc import Callable, Collection
from typing import NamedTuple
from uuid import UUID


class CaseLink(NamedTuple):
    """A case as a link: `C-2291` and its address."""

    id: str
    url: str


ByCause = Callable[[Collection[UUID]], dict[UUID, CaseLink]]
ByEndpoint = Callable[[Collection[int]], dict[int, CaseLink]]

_by_cause: ByCause = lambda causes: {}  # noqa: E731  until somebody provides
_by_endpoint: ByEndpoint = lambda endpoints: {}  # noqa: E731


def provide(*, by_cause: ByCause, by_endpoint: ByEndpoint) -> None:
    """Say how cases are found. Each is one query however many are asked for."""
    global _by_cause, _by_endpoint
    _by_cause, _by_endpoint = by_cause, by_endpoint


def of_causes(fingerprints: Collection[UUID]) -> dict[UUID, CaseLink]:
    """The newest case of each cause that has one."""
    return _by_cause(fingerprints) if fingerprints else {}


def of_endpoints(endpoint_ids: Collection[int]) -> dict[int, CaseLink]:
    """The worst open case of each endpoint that has one."""
    return _by_endpoint(endpoint_ids) if endpoint_ids else {}
