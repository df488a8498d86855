import json
import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal import env

ORDER = {
    "reference": "WEB-1",
    "lines": [{"item": "10-00217", "qty": 2, "price": "129.00"}],
    "freight": "8.95",
    "tax": "21.32",
}
HEADER = "INSERT INTO sales_order (cust_ref, cust_no, currency) VALUES (:ref, :cust, 'USD')"
LINE = (
    "INSERT INTO sales_order_line (order_no, line_no, item_no, qty, unit_price) "
    "VALUES (500001, 1, :item, :qty, 129)"
)
COUNTS = {"item": 50, "customer": 12, "price": 198, "stock": 100}


def _rows(engine: Engine, sql: str, **values) -> list[tuple]:
    with engine.begin() as connection:
        return [tuple(row) for row in connection.execute(text(sql), values)]


def _run(engine: Engine, sql: str, **values) -> None:
    with engine.begin() as connection:
        connection.execute(text(sql), values)


def _call(engine: Engine, **order) -> list[tuple]:
    return _rows(engine, "CALL import_order(:doc)", doc=json.dumps({**ORDER, **order}))


@pytest.fixture
def sqlite_url(tmp_path) -> str:
    return f"sqlite:///{tmp_path / 'erp.sqlite'}"


@pytest.fixture
def legacy(start, sqlite_url) -> Iterator[Engine]:
    start("erp", "--url", sqlite_url)
    engine = create_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty database of its own on the tests' server."""
    server = make_url(env.database_url()).set(drivername="postgresql+psycopg")
    name = f"sandbox_erp_{os.getpid()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def procedural(start, postgres_url) -> Iterator[Engine]:
    start("erp", "--url", postgres_url)
    engine = create_engine(make_url(postgres_url).set(drivername="postgresql+psycopg"))
    yield engine
    engine.dispose()


def test_a_new_erp_holds_its_master_data_and_a_second_start_changes_nothing(
    legacy, start, sqlite_url
) -> None:
    for _ in range(2):
        counts = {t: _rows(legacy, f"SELECT count(*) FROM {t}")[0][0] for t in COUNTS}
        assert counts == COUNTS
        start("erp", "--url", sqlite_url)


def test_sqlite_refuses_an_unknown_item_in_the_erps_words(legacy) -> None:
    _run(legacy, HEADER, ref="WEB-1", cust="WEB")
    with pytest.raises(IntegrityError, match="E103 ITEM UNKNOWN OR BLOCKED"):
        _run(legacy, LINE, item="NO-SUCH", qty=1)
    with pytest.raises(IntegrityError, match="E104 QUANTITY NOT POSITIVE"):
        _run(legacy, LINE, item="10-00217", qty=0)


def test_sqlite_refuses_an_unknown_customer_and_a_second_reference(legacy) -> None:
    with pytest.raises(IntegrityError, match="E102 CUSTOMER UNKNOWN"):
        _run(legacy, HEADER, ref="WEB-1", cust="NOBODY")
    _run(legacy, HEADER, ref="WEB-1", cust="WEB")
    with pytest.raises(IntegrityError, match="UNIQUE"):
        _run(legacy, HEADER, ref="WEB-1", cust="WEB")


def test_the_invoice_loop_invoices_what_was_shipped_and_books_payments(
    start, sqlite_url, eventually
) -> None:
    start("erp", "--url", sqlite_url, "--invoice-loop", "--every", "0.1")
    engine = create_engine(sqlite_url)
    for number in range(3):
        _run(engine, HEADER, ref=f"WEB-{number}", cust="WEB")
    _run(engine, LINE, item="10-00217", qty=2)
    _run(engine, "UPDATE sales_order SET status = 'SHIPPED', freight = 8.95")
    eventually(lambda: _rows(engine, "SELECT 1 FROM invoice WHERE status <> 'POSTED'")[1:])
    found = _rows(engine, "SELECT order_no, status, total FROM invoice ORDER BY order_no")
    # 2 x 129.00 + 8.95; order numbers 500001 % 3 = 0, 500002 % 3 = 1, 500003 % 3 = 2
    assert found == [
        (500001, "PAID", 266.95),
        (500002, "PART_PAID", 8.95),
        (500003, "POSTED", 8.95),
    ]
    assert _rows(engine, "SELECT DISTINCT status FROM sales_order") == [("INVOICED",)]
    assert _rows(engine, "SELECT item_no, qty, amount FROM invoice_line") == [("10-00217", 2, 258)]
    engine.dispose()


def test_the_procedure_books_an_order_whole_and_returns_its_number(procedural) -> None:
    assert _call(procedural) == [(500001,)]
    lines = _rows(procedural, "SELECT line_no, item_no, qty FROM sales_order_line")
    assert lines == [(1, "10-00217", 2)]
    allocated = "SELECT allocated FROM stock WHERE site = 'RNO1' AND item_no = '10-00217'"
    assert _rows(procedural, allocated) == [(2,)]


def test_the_procedure_refuses_an_unknown_item_with_p3103_and_leaves_nothing(procedural) -> None:
    good = ORDER["lines"][0]
    with pytest.raises(DBAPIError, match="E103 ITEM UNKNOWN OR BLOCKED: NOPE") as refused:
        _call(procedural, lines=[good, {"item": "NOPE", "qty": 1, "price": "1"}])
    assert refused.value.orig.sqlstate == "P3103"
    assert _rows(procedural, "SELECT count(*) FROM sales_order") == [(0,)]


def test_the_procedure_refuses_a_second_reference_with_23505(procedural) -> None:
    _call(procedural)
    with pytest.raises(IntegrityError) as refused:
        _call(procedural)
    assert refused.value.orig.sqlstate == "23505"


def test_an_order_ships_once(procedural) -> None:
    _call(procedural)
    ship = "CALL post_shipment(:doc)"
    _run(procedural, ship, doc=json.dumps({"reference": "WEB-1", "tracking": "1Z1"}))
    with pytest.raises(DBAPIError) as refused:
        _run(procedural, ship, doc=json.dumps({"reference": "WEB-1", "tracking": "1Z1"}))
    assert refused.value.orig.sqlstate == "P3201"
