"""A customer's old ERP that takes orders and shipments by stored procedures, on PostgreSQL or MariaDB. The
procedures are ours; the engines, and what they say when one refuses, are not."""

from typing import Any, Final

from sqlalchemy import create_engine, make_url

from integrations.connectors.sql import CONNECTOR
from integrations.connectors.sql.client import SqlClient
from tests.connectors.conformance import connection

_TABLES: Final = """
CREATE TABLE item (item_no VARCHAR(20) NOT NULL PRIMARY KEY, descr VARCHAR(80),
    changed_at {moment} NOT NULL DEFAULT {now});
CREATE TABLE stock (site VARCHAR(10) NOT NULL, item_no VARCHAR(20) NOT NULL, on_hand DECIMAL(12, 3) NOT NULL,
    changed_at {moment} NOT NULL DEFAULT {now}, PRIMARY KEY (site, item_no));
CREATE TABLE sales_order (order_no {number}, cust_ref VARCHAR(40) NOT NULL UNIQUE, cust_no VARCHAR(20),
    ship_city VARCHAR(60), freight DECIMAL(12, 4), status VARCHAR(12) NOT NULL DEFAULT 'OPEN',
    tracking VARCHAR(40));
CREATE TABLE sales_order_line (order_no INTEGER NOT NULL, line_no INTEGER NOT NULL, item_no VARCHAR(20) NOT NULL,
    qty DECIMAL(12, 3) NOT NULL, unit_price DECIMAL(12, 4), PRIMARY KEY (order_no, line_no));
"""
_MARIADB: Final = [
    *_TABLES.format(
        moment="DATETIME(6)", now="CURRENT_TIMESTAMP(6)", number="INTEGER AUTO_INCREMENT PRIMARY KEY"
    ).strip().rstrip(";").split(";"),
    """
CREATE PROCEDURE import_order(IN doc LONGTEXT)
BEGIN
    DECLARE made INT; DECLARE at_line INT; DECLARE done INT DEFAULT 0; DECLARE said VARCHAR(120);
    DECLARE wanted VARCHAR(20); DECLARE many DECIMAL(12, 3); DECLARE cost DECIMAL(12, 4);
    DECLARE found CURSOR FOR SELECT number, item, qty, price FROM JSON_TABLE(doc, '$.lines[*]' COLUMNS (
        number FOR ORDINALITY, item VARCHAR(20) PATH '$.item', qty DECIMAL(12, 3) PATH '$.qty',
        price DECIMAL(12, 4) PATH '$.price')) given ORDER BY number;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;
    INSERT INTO sales_order (cust_ref, cust_no, ship_city, freight) VALUES (JSON_VALUE(doc, '$.reference'),
        JSON_VALUE(doc, '$.customer'), JSON_VALUE(doc, '$.ship_to.city'), JSON_VALUE(doc, '$.freight'));
    SET made = LAST_INSERT_ID();
    OPEN found;
    each_line: LOOP
        FETCH found INTO at_line, wanted, many, cost;
        IF done THEN LEAVE each_line; END IF;
        UPDATE stock SET on_hand = on_hand - many, changed_at = CURRENT_TIMESTAMP(6)
            WHERE item_no = wanted AND on_hand >= many;
        IF ROW_COUNT() = 0 THEN
            SET said = CONCAT('E103 ITEM UNKNOWN OR SHORT: ', wanted);
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31003, MESSAGE_TEXT = said;
        END IF;
        INSERT INTO sales_order_line VALUES (made, at_line, wanted, many, cost);
    END LOOP;
    CLOSE found;
END""",
    """
CREATE PROCEDURE post_shipment(IN doc LONGTEXT)
BEGIN
    UPDATE sales_order SET status = 'SHIPPED', tracking = JSON_VALUE(doc, '$.tracking')
        WHERE cust_ref = JSON_VALUE(doc, '$.reference') AND status = 'OPEN';
    IF ROW_COUNT() = 0 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31201, MESSAGE_TEXT = 'NOT OPEN ANY MORE';
    END IF;
END""",
]  # fmt: skip
_POSTGRESQL: Final = [
    _TABLES.format(
        moment="timestamp", now="CURRENT_TIMESTAMP", number="integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    ),
    """
CREATE PROCEDURE import_order(doc json) LANGUAGE plpgsql AS $$
DECLARE made integer; line json; at_line integer := 0;
BEGIN
    INSERT INTO sales_order (cust_ref, cust_no, ship_city, freight) VALUES (doc ->> 'reference',
        doc ->> 'customer', doc #>> '{ship_to,city}', (doc ->> 'freight')::numeric) RETURNING order_no INTO made;
    FOR line IN SELECT * FROM json_array_elements(doc -> 'lines') LOOP
        at_line := at_line + 1;
        UPDATE stock SET on_hand = on_hand - (line ->> 'qty')::numeric, changed_at = clock_timestamp()
            WHERE item_no = line ->> 'item' AND on_hand >= (line ->> 'qty')::numeric;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'P3103',
                MESSAGE = 'ITEM UNKNOWN OR SHORT: ' || (line ->> 'item');
        END IF;
        INSERT INTO sales_order_line VALUES
            (made, at_line, line ->> 'item', (line ->> 'qty')::numeric, (line ->> 'price')::numeric);
    END LOOP;
END $$""",
    """
CREATE PROCEDURE post_shipment(doc json) LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sales_order SET status = 'SHIPPED', tracking = doc ->> 'tracking'
        WHERE cust_ref = doc ->> 'reference' AND status = 'OPEN';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'NOT OPEN ANY MORE' USING ERRCODE = 'P3201';
    END IF;
END $$""",
]  # fmt: skip
ITEMS: Final = ["10-00217", "10-00234", "10-00301"]
QUERIES: Final = """
stock:
  select: >-
    SELECT * FROM (SELECT s.*, concat(s.site, '/', s.item_no) AS stock_key FROM stock s) s
    WHERE changed_at > :since_at OR (changed_at = :since_at AND stock_key > :since_id)
    ORDER BY changed_at, stock_key LIMIT :limit
  key: stock_key
  changed_at: changed_at
products:
  from: item
  key: item_no
  changed_at: changed_at
"""
_LOOK_UP: Final = "SELECT order_no FROM sales_order WHERE cust_ref = :reference"
WRITES: Final = f"""
order:
  look_up: {_LOOK_UP}
  call: CALL import_order(:document)
  cancel:
    - UPDATE sales_order SET status = 'CANCELLED', tracking = 'none' WHERE cust_ref = :reference AND status = 'OPEN'
shipment:
  look_up: {_LOOK_UP} AND tracking = :tracking
  call: CALL post_shipment(:document)
"""
# The numbers that this ERP's own procedures raise, as its people would tell us.
ERRORS: Final = '{"31003": unknown_sku, "31201": order_not_open}'


class LegacyErp:
    """Filled, with a thousand of each item. `url` is what a person would enter."""

    def __init__(self, url: str, password: str = "") -> None:
        self.url, self.password = url, password
        entered = make_url(url)
        driver = "postgresql+psycopg" if "postgresql" in url else entered.drivername
        self._engine = create_engine(entered.set(drivername=driver, password=password or None))
        self._clients: list[SqlClient] = []
        for statement in _POSTGRESQL if "postgresql" in url else _MARIADB:
            self.run(statement)
        for item in ITEMS:
            self.run(f"INSERT INTO item (item_no, descr) VALUES ('{item}', 'TENT')")
            self.run(f"INSERT INTO stock (site, item_no, on_hand) VALUES ('RNO1', '{item}', 1000)")

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """As the ERP's own people would, past everything of ours."""
        with self._engine.begin() as opened:
            found = opened.exec_driver_sql(statement)
            return [tuple(row) for row in found] if found.returns_rows else []

    def client(self, **settings: Any) -> SqlClient:
        given = {
            "url": self.url,
            "queries": QUERIES,
            "writes": WRITES,
            "errors": ERRORS,
            **settings,
        }
        secrets = {"password": self.password} if self.password else {}
        self._clients.append(SqlClient(connection(CONNECTOR, settings=given, secrets=secrets)))
        return self._clients[-1]

    def on_hand(self, item: str) -> int:
        return int(self.run(f"SELECT on_hand FROM stock WHERE item_no = '{item}'")[0][0])

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self._engine.dispose()
