"""An ERP of its own for the tests: the sandbox's tables in a database nobody else uses."""

import itertools
import os
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from portal import embedded
from sandbox.erp import invoicing, schema, seed
from sandbox.erp.__main__ import connect

_numbers = itertools.count(1)


class Erp:
    """A filled ERP. `url` is what a person would enter."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: Engine = connect(url)
        schema.create(self.engine)
        seed.fill(self.engine)

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        with self.engine.begin() as connection:
            found = connection.execute(text(statement), values)
            return [dict(row) for row in found.mappings()] if found.returns_rows else []

    def orders(self, reference: str) -> list[dict[str, Any]]:
        return self.rows("SELECT * FROM sales_order WHERE cust_ref = :ref", ref=reference)

    def lines(self, reference: str) -> list[tuple[Any, ...]]:
        found = self.rows(
            "SELECT item_no, qty, qty_shipped FROM sales_order_line WHERE order_no ="
            " (SELECT order_no FROM sales_order WHERE cust_ref = :ref) ORDER BY line_no",
            ref=reference,
        )
        return [tuple(row.values()) for row in found]

    def take_shipped_order(self, reference: str) -> None:
        """As the ERP's own people would enter it."""
        self.rows(
            "INSERT INTO sales_order (cust_ref, cust_no, currency, freight, status)"
            " VALUES (:ref, 'WEB', 'USD', 12.5, 'SHIPPED')",
            ref=reference,
        )
        self.rows(
            "INSERT INTO sales_order_line (order_no, line_no, item_no, qty, unit_price)"
            " SELECT order_no, 1, '10-00217', 2, 61.5 FROM sales_order WHERE cust_ref = :ref",
            ref=reference,
        )

    def invoice(self) -> None:
        """The evening job: post what was shipped."""
        invoicing.post_invoices(self.engine)

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def sqlite_erp(folder: Path):
    erp = Erp(f"sqlite:///{folder / 'erp.db'}")
    yield erp
    erp.close()


@contextmanager
def postgresql_erp():
    """In a database of its own on the server the tests run on."""
    name = f"erp_{os.getpid()}_{next(_numbers)}"
    server = embedded.url(name="test")
    owner = connect(server).execution_options(isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    erp = Erp(server.replace(f"/{embedded.DATABASE}?", f"/{name}?"))
    try:
        yield erp
    finally:
        erp.close()
        with owner.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        owner.dispose()
