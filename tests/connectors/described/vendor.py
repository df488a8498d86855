"""What the harnesses of described connectors have in common: goldens, faults and a server of the vendor."""

import json
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid5

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from tests.connectors.answering import Answering
from tests.connectors.conformance import HTTP_FAULTS, SECRET_MARK, Sample
from tests.connectors.described.lists import Asked, Lists, Reply

KEY = f"k-{SECRET_MARK}"
STRANGER = {"x_plugin": {"a": [1, 2.5, {"b": None}], "ü": "🏕️"}}
NAMESPACE = UUID("9b0a0c1e-7a55-4c0b-8f0e-6f4f3c1a2d44")


class Vendor(Protocol):
    def answer(self, asked: Asked) -> Reply: ...

    def effects(self) -> int: ...


class VendorHarness(ABC):
    """`slug`, `streams`, `here` (the folder with `golden/`), `bare` (the least a document has), and what is
    abstract below, say the rest."""

    slug: str
    streams: dict[str, int]
    here: Path
    bare: dict[str, Any]
    faults = HTTP_FAULTS

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor
        self.server = Lists()
        self.server.answer = vendor.answer
        self.answering = Answering()
        self.connector = registry.get(self.slug)

    def close(self) -> None:
        self.server.close()
        self.answering.close()

    @abstractmethod
    def connection_to(self, url: str, *, key: str = KEY) -> Connection:
        """A connection to the vendor at an address."""

    def connection(self) -> Connection:
        return self.connection_to(self.server.url)

    def with_wrong_key(self) -> Connection:
        return self.connection_to(self.server.url, key=f"other-{SECRET_MARK}")

    def with_nobody_there(self) -> Connection:
        return self.connection_to("http://127.0.0.1:1")

    def meeting(self, fault: str) -> Connection:
        self.answering.meet(fault)
        return self.connection_to(self.answering.url)

    def golden(self, name: str) -> Any:
        return json.loads((self.here / "golden" / f"{name}.json").read_bytes())

    def samples(self) -> list[Sample]:
        return [self._sample(kind, self.golden(f"{kind}.native")) for kind in self.bare]

    def minimal(self) -> list[Sample]:
        return [self._sample(kind, body) for kind, body in self.bare.items()]

    def with_unknown_fields(self) -> list[Sample]:
        return [self._sample(kind, self.golden(f"{kind}.native") | STRANGER) for kind in self.bare]

    def effects(self) -> int:
        return self.vendor.effects()

    def message(self, key: str) -> UUID:
        return uuid5(NAMESPACE, key)

    def _sample(self, kind: str, body: Any) -> Sample:
        return Sample(kind, f"{kind}.polled", json.dumps(body).encode())
