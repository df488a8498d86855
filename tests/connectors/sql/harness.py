"""The SQL connector against an ERP in PostgreSQL."""

import json
from contextlib import ExitStack
from typing import Any
from uuid import UUID, uuid5

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from portal.core.errors import CrossdockError, NeedsCredentials, NeedsPerson, Retryable
from tests.connectors.conformance import SECRET_MARK, Sample, client_of, connection, read_stream
from tests.connectors.sql.erp import postgresql_erp

NAMESPACE = UUID("3c8f7f0e-11a5-4a55-8a53-6a3c3f0a9c44")
# What an ERP's procedure may raise, or meet, when an order is written.
_RAISES = {"403": "42501", "404": "P3103", "500": "57P03"}


class Harness:
    slug = "sql"
    faults: dict[str, type[CrossdockError] | str] = {
        "401": NeedsCredentials,
        "403": NeedsCredentials,
        "404": NeedsPerson,
        "409": "a document that is there already is a success: see test_deliver",
        "429": "a database does not say when to come back",
        "500": Retryable,
        "no answer": "a hung statement is ended by the server's own clock: see test_deliver",
        "cut off": Retryable,
    }
    streams = {"products": 50, "customers": 12, "prices": 2, "stock": 100, "invoices": 3}

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.erp = self._stack.enter_context(postgresql_erp())
        self.connector = registry.get("sql")
        for number in range(1, 4):
            self.erp.take_shipped_order(f"WEB-{number}")
        self.erp.invoice()

    def close(self) -> None:
        self._stack.close()

    def connection(self) -> Connection:
        return self.connection_to(self.erp.url, page_size=20)

    def connection_to(self, url: str, **settings: Any) -> Connection:
        return connection(
            self.connector,
            settings={"url": url, **settings},
            secrets={"password": f"pw {SECRET_MARK}"},
        )

    def with_wrong_key(self) -> Connection:
        return self.connection_to(self.erp.url.replace("crossdock_owner@", "nobody_known@"))

    def with_nobody_there(self) -> Connection:
        return self.connection_to("postgresql://portal@127.0.0.1:1/erp")

    def meeting(self, fault: str) -> Connection:
        if fault == "401":
            return self.with_wrong_key()
        call = "SELECT pg_terminate_backend(pg_backend_pid())"
        if fault in _RAISES:
            call = f"DO $$ BEGIN RAISE EXCEPTION 'NO' USING ERRCODE = '{_RAISES[fault]}'; END $$"
        writes = {"order": {"look_up": "SELECT 1 WHERE false", "call": call}}
        return self.connection_to(self.erp.url, writes=writes)

    def samples(self) -> list[Sample]:
        with client_of(self.connector, self.connection()) as client:
            firsts = [next(read_stream(client, stream, {}))[0][0] for stream in self.streams]
        return [Sample(first.object_type, first.topic, first.body) for first in firsts]

    def minimal(self) -> list[Sample]:
        moment = "2026-03-02T13:58:04Z"
        bodies: dict[str, dict[str, Any]] = {
            "product": {"item_no": "10-00217", "descr": "TENT", "item_status": "A"},
            "customer": {"cust_no": "C1", "name": "HARBOR"},
            "price_list": {
                "list_code": "BASE",
                "currency": "USD",
                "lines": [{"item_no": "10-00217", "unit_price": "1"}],
            },
            "inventory": {
                "site": "RNO1",
                "item_no": "10-00217",
                "on_hand": 5,
                "changed_at": moment,
            },
            "invoice": _invoice(_INVOICE_LINE),
        }
        return [Sample(kind, "", json.dumps(body).encode()) for kind, body in bodies.items()]

    def with_unknown_fields(self) -> list[Sample]:
        stranger = {"zz_custom_1": "x", "ZZ Ü": {"a": [1, 2.5, None]}}
        return [
            sample._replace(body=json.dumps(json.loads(sample.body) | stranger).encode())
            for sample in self.samples()
        ]

    def order_like(self, *, name: str, lines: int) -> Sample:
        invoice = _invoice(*({**_INVOICE_LINE, "descr": name} for _ in range(lines)))
        return Sample("invoice", "invoices.row", json.dumps(invoice).encode())

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        return Outbound(
            message_id=uuid5(NAMESPACE, key),
            object_type="order",
            business_key=f"harbor/{key}",
            document=order(key),
            remote_id=None,
            retried=retried,
        )

    def effects(self) -> int:
        return self.erp.rows("SELECT count(*) AS n FROM sales_order")[0]["n"]


_INVOICE_LINE = {"item_no": "10-00217", "qty": 1, "unit_price": "1", "amount": "1"}


def _invoice(*lines: dict[str, Any]) -> dict[str, Any]:
    return {
        "inv_no": "INV-1",
        "inv_date": "2026-03-02",
        "currency": "USD",
        "goods": "1",
        "total": "1",
        "status": "POSTED",
        "lines": list(lines),
    }


def order(reference: str, **changes: Any) -> dict[str, Any]:
    """An order as the default mapping gives it."""
    return {
        "reference": reference,
        "customer": "WEB",
        "ordered_on": "2026-03-02",
        "currency": "USD",
        "freight": "12.50",
        "tax": "0",
        "status": "open",
        "ship_to": {
            "name": "HARBOR OUTFITTERS DC 2",
            "addr1": "400 QUAY STREET",
            "city": "RENO",
            "state": "NV",
            "zip": "89502",
            "country": "US",
        },
        "lines": [
            {"number": "1", "item": "10-00217", "qty": "24", "price": "129.00"},
            {"number": "2", "item": "10-00234", "qty": "2", "price": "219.00"},
        ],
        **changes,
    }
