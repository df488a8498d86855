"""Connectors of ours that are described: a YAML file in their own folder, and code only for quirks."""

from collections.abc import Iterable
from pathlib import Path

from integrations.connectors.connection import Connection, Setting
from integrations.connectors.described import description
from integrations.connectors.described.client import DescribedClient
from integrations.connectors.described.deliveries import Shape, as_it_is
from integrations.connectors.described.known import known_of
from integrations.connectors.described.settled import settle
from integrations.connectors.described.system import System

FILE = "description.yaml"


def read(module: str, declared: Iterable[Setting]) -> System:
    """The description in the folder of `module`, a `__file__`. It may name the settings `declared`."""
    text = Path(module).with_name(FILE).read_text("utf-8")
    return description.parse(text, known_of(declared))


def client_of(
    connection: Connection, system: System, *, shape: Shape = as_it_is
) -> DescribedClient:
    """The client of one endpoint; `shape` makes the body of a write where its mapping alone cannot."""
    return DescribedClient(
        connection, describe=lambda one: settle(system, one.settings), shape=shape
    )
