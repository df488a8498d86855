"""python -m sandbox.erp: make the ERP's database; with --invoice-loop, keep its books running."""

import argparse
import signal
import threading
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url

from sandbox.erp import invoicing, schema, seed


def connect(url: str) -> Engine:
    """An engine for sqlite:///… or postgresql://…, the latter over psycopg."""
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA busy_timeout=30000")
    connection.execute("PRAGMA foreign_keys=ON")


def _loop(engine: Engine, seconds: float) -> None:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *ignored: stopping.set())
    while not stopping.wait(seconds):
        invoicing.book_payments(engine)
        invoicing.post_invoices(engine)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.erp", description=__doc__)
    parser.add_argument("--url", required=True, help="sqlite:////path or postgresql://…")
    parser.add_argument("--invoice-loop", action="store_true")
    parser.add_argument("--every", type=float, default=2.0, help="seconds between invoice runs")
    arguments = parser.parse_args()
    engine = connect(arguments.url)
    schema.create(engine)
    seed.fill(engine)
    print(f"ready erp {engine.url.render_as_string(hide_password=True)}", flush=True)
    if arguments.invoice_loop:
        _loop(engine, arguments.every)
    engine.dispose()


if __name__ == "__main__":
    main()
