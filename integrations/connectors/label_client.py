"""A client of a shipping system: our shipment becomes one there, rates are chosen from, one label is bought.

A label costs money, so it is looked for before every purchase: by the id that is known, else by our
reference. What has a label is left alone. A shipment that was made there and not paid for is taken up again;
only where it was corrected since is a new one made, under the next reference. The system itself takes no
second payment for one shipment, and a refused payment is looked after before it counts as refused.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from integrations.connectors import parcels
from integrations.connectors.connection import Connection
from integrations.connectors.described import answers
from integrations.connectors.described.api import Api
from integrations.connectors.described.client import DescribedClient
from integrations.connectors.described.filling import segment
from integrations.connectors.described.system import System
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.parcels import Rate
from integrations.transports.http import describe, encode
from integrations.transports.threads import never
from portal.core.errors import CrossdockError, NeedsPerson, Permanent
from portal.core.response import Response

_MOST_TIMES: Final = 9
_GONE: Final = frozenset({404, 410})
Thing = dict[str, Any]


class Caller:
    """Calls of one delivery, each judged. Keeps what was sent and answered last."""

    def __init__(self, api: Api, system: System) -> None:
        self._api, self._system = api, system
        self.sent = b""
        self.answer: Mapping[str, Any] = {}

    def find(self, path: str, name: str = "", **params: str) -> Any:
        """What stands at `path`, or there under `name`; None where nothing does."""
        full = f"{path}/{segment('reference', name)}" if name else path
        response = self._api.ask(full, params)
        if response.status in _GONE:
            return None
        return self._judged(response)

    def post(self, path: str, document: Thing) -> Thing:
        self.sent = encode(document)
        response = self._api.write("POST", path, self.sent, params={}, headers={})
        said = self._judged(response)
        if not isinstance(said, dict):
            raise Permanent("The answer is no object", code="settings_invalid")
        return said

    def _judged(self, response: Response) -> Any:
        self.answer = describe(response)
        answers.judge(self._system, response, writing=True)
        return response.json()


class Office(Protocol):
    """How one system does it."""

    def by_id(self, caller: Caller, remote_id: str) -> Thing | None: ...

    def by_reference(self, caller: Caller, reference: str) -> Thing | None: ...

    def is_paid(self, there: Thing) -> bool: ...

    def is_same(self, there: Thing, document: Thing) -> bool:
        """Whether the shipment there is to where, and of what, the document says."""
        ...

    def make(self, caller: Caller, document: Thing, reference: str) -> Thing:
        """Make the shipment, which brings its rates. NeedsPerson for an address nobody delivers to."""
        ...

    def rates(self, there: Thing) -> tuple[list[Rate], list[str]]:
        """The rates, and what carriers said that gave none."""
        ...

    def buy(self, caller: Caller, there: Thing, rate: Rate) -> Thing: ...


class LabelClient(DescribedClient):
    """One endpoint's client. `shape` makes what is sent of a mapped document, and raises NeedsPerson."""

    def __init__(
        self,
        connection: Connection,
        *,
        describe: Callable[[Connection], System],
        office: Office,
        shape: Callable[[Thing], Thing],
    ) -> None:
        super().__init__(connection, describe=describe)
        self._office, self._made = office, shape
        self._wanted = parcels.services(connection.lines("services"))

    def deliver(
        self, batch: Sequence[Outbound], *, enough: Callable[[], bool] = never
    ) -> Iterator[Outcome]:
        """Buy a label for each shipment; as many at a time as the connection allows."""
        yield from self._threads.each(self._deliver, batch, enough=enough)

    def _deliver(self, item: Outbound) -> Outcome:
        caller: Caller | None = None
        try:
            if item.object_type != "shipment":
                text = f"A shipping system takes no {item.object_type}"
                raise Permanent(text, code="not_supported")
            caller = Caller(self._api, self._system)
            remote_id = self._bought(caller, item)
        except CrossdockError as error:
            if caller is None:
                return Outcome(item.message_id, error=error)
            return Outcome(item.message_id, error=error, sent=caller.sent, answer=caller.answer)
        return Outcome(item.message_id, remote_id=remote_id, sent=caller.sent, answer=caller.answer)

    def _bought(self, caller: Caller, item: Outbound) -> str | None:
        """The system's id of the shipment once it has its label."""
        cancelled = item.document.get("status") == "cancelled"
        there, reference = self._there(caller, item)
        if there is not None and self._office.is_paid(there):
            if cancelled:
                said = "The shipment is cancelled and has a label. Have the label refunded there."
                raise parcels.unsupported("status", said)
            return str(there["id"])
        if cancelled:
            return str(there["id"]) if there else None
        if there is None:
            there = self._office.make(caller, self._made(item.document), reference)
        rates, words = self._office.rates(there)
        rate = parcels.choose(rates, self._wanted, words)
        try:
            paid = self._office.buy(caller, there, rate)
        except (NeedsPerson, Permanent):
            again = self._office.by_id(caller, str(there["id"]))
            if again is None or not self._office.is_paid(again):
                raise
            paid = again
        return str(paid.get("id") or there["id"])

    def _there(self, caller: Caller, item: Outbound) -> tuple[Thing | None, str]:
        """The shipment that is there already, or the reference that a new one gets."""
        document = item.document
        known = self._office.by_id(caller, item.remote_id) if item.remote_id else None
        if known is not None and self._office.is_paid(known):
            return known, ""
        name = parcels.reference(str(document.get("site") or ""), str(document.get("number") or ""))
        for times in range(1, _MOST_TIMES + 1):
            reference = parcels.numbered(name, times)
            found = self._office.by_reference(caller, reference)
            if found is None:
                return None, reference
            if self._office.is_paid(found) or item.retried:
                return found, reference
            if self._office.is_same(found, self._made(document)):
                return found, reference
        said = f"The shipment was made there {_MOST_TIMES} times and never paid for."
        raise parcels.refused("", said)
