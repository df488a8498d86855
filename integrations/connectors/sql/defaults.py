"""The layout a new endpoint starts from, as the YAML a person would enter."""

from typing import Final

_QUERIES: Final = """
products:
  from: item
  key: item_no
  changed_at: changed_at
customers:
  from: customer
  key: cust_no
  changed_at: changed_at
prices:
  select: >-
    SELECT list_code, currency, max(changed_at) AS changed_at FROM price
    GROUP BY list_code, currency
    HAVING max(changed_at) > :since_at OR (max(changed_at) = :since_at AND list_code > :since_id)
    ORDER BY max(changed_at), list_code {limit}
  key: list_code
  changed_at: changed_at
  lines: SELECT * FROM price WHERE list_code IN :keys ORDER BY list_code, item_no, min_qty
stock:
  select: >-
    SELECT * FROM (SELECT stock.*, {stock_key} AS stock_key FROM stock) s
    WHERE changed_at > :since_at OR (changed_at = :since_at AND stock_key > :since_id)
    ORDER BY changed_at, stock_key {limit}
  key: stock_key
  changed_at: changed_at
invoices:
  select: >-
    SELECT i.*, o.cust_ref FROM invoice i JOIN sales_order o ON o.order_no = i.order_no
    WHERE i.changed_at > :since_at OR (i.changed_at = :since_at AND i.inv_no > :since_id)
    ORDER BY i.changed_at, i.inv_no {limit}
  key: inv_no
  changed_at: changed_at
  lines: SELECT * FROM invoice_line WHERE inv_no IN :keys ORDER BY inv_no, line_no
"""

# What a snapshot reads. The names of the columns are what counts.
SNAPSHOTS: Final = """
stock: SELECT site AS location, item_no AS item, on_hand AS quantity, 'EA' AS uom FROM stock
orders: >-
  SELECT o.order_no AS id, o.cust_ref AS number, o.status,
    max(o.freight) + max(o.tax) + sum(l.qty * l.unit_price) AS total, sum(l.qty) AS pieces
  FROM sales_order o JOIN sales_order_line l ON l.order_no = o.order_no
  WHERE o.order_date IS NULL OR o.order_date >= :since
  GROUP BY o.order_no, o.cust_ref, o.status
lines: >-
  SELECT order_no AS id, line_no, item_no AS item, qty AS quantity FROM sales_order_line
  WHERE order_no IN :ids ORDER BY order_no, line_no
statuses: {OPEN: open, SHIPPED: shipped, INVOICED: shipped, CANCELLED: cancelled}
"""

_CANCEL: Final = """
  cancel:
    - >-
      UPDATE sales_order SET status = 'CANCELLED', changed_at = {now}
      WHERE cust_ref = :reference AND status IN ('OPEN', 'CANCELLED')
"""
_LOOK_UP: Final = "SELECT order_no FROM sales_order WHERE cust_ref = :reference"
_LOOK_UP_ADJUSTED: Final = "SELECT reference FROM stock_journal WHERE reference = :reference"
_LOOK_UP_SHIPPED: Final = f"{_LOOK_UP} AND tracking = :tracking"

_PROCEDURES: Final = f"""
order:
  look_up: {_LOOK_UP}
  call: {{import_order}}
{_CANCEL}
shipment:
  look_up: {_LOOK_UP_SHIPPED}
  call: {{post_shipment}}
adjustment:
  look_up: {_LOOK_UP_ADJUSTED}
  call: {{post_adjustment}}
"""

_NOW_IN_SQLITE: Final = r"strftime('%Y-%m-%d %H\:%M\:%f', 'now')"
_INSERTS: Final = f"""
order:
  look_up: {_LOOK_UP}
  statements:
    - >-
      INSERT INTO sales_order (cust_ref, cust_no, order_date, currency, ship_name, ship_addr1,
      ship_addr2, ship_city, ship_state, ship_zip, ship_country, freight, tax)
      VALUES (:reference, :customer, :ordered_on, :currency, :ship_to_name, :ship_to_addr1,
      :ship_to_addr2, :ship_to_city, :ship_to_state, :ship_to_zip, :ship_to_country, :freight, :tax)
    - each: lines
      run: >-
        INSERT INTO sales_order_line (order_no, line_no, item_no, qty, unit_price)
        VALUES ((SELECT order_no FROM sales_order WHERE cust_ref = :reference),
        :number, :item, :qty, :price)
{_CANCEL.format(now=_NOW_IN_SQLITE)}
shipment:
  look_up: {_LOOK_UP_SHIPPED}
  statements:
    - >-
      UPDATE sales_order SET status = 'SHIPPED', tracking = :tracking, changed_at = {_NOW_IN_SQLITE}
      WHERE cust_ref = :reference AND status = 'OPEN'
    - each: lines
      run: >-
        UPDATE sales_order_line SET qty_shipped = qty_shipped + :qty
        WHERE order_no = (SELECT order_no FROM sales_order WHERE cust_ref = :reference)
        AND item_no = :item
    - each: lines
      run: >-
        INSERT INTO stock (site, item_no, on_hand) VALUES (coalesce(:site, 'RNO1'), :item, -:qty)
        ON CONFLICT (site, item_no) DO UPDATE SET on_hand = on_hand - :qty,
        changed_at = {_NOW_IN_SQLITE}
adjustment:
  look_up: {_LOOK_UP_ADJUSTED}
  statements:
    - each: lines
      run: >-
        INSERT INTO stock_journal (reference, line_no, site, item_no, qty, reason)
        VALUES (:reference, :number, :site, :item, :qty, :reason)
    - each: lines
      run: >-
        INSERT INTO stock (site, item_no, on_hand) VALUES (:site, :item, :qty)
        ON CONFLICT (site, item_no) DO UPDATE SET on_hand = on_hand + :qty,
        changed_at = {_NOW_IN_SQLITE}
"""

_PROCEDURES_CALLED: Final = ("import_order", "post_shipment", "post_adjustment")
# How a procedure is called that takes one document, and what the time is, in UTC.
_CALLS: Final = {
    "mssql": "EXEC {name} :document",
    "oracle": "BEGIN {name}(:document); END;",
}
_NOWS: Final = {
    "mysql": "utc_timestamp()",
    "mariadb": "utc_timestamp()",
    "mssql": "SYSUTCDATETIME()",
    "oracle": "SYS_EXTRACT_UTC(SYSTIMESTAMP)",
}
_CONCATENATING: Final = frozenset({"mysql", "mariadb", "mssql"})


def limit(dialect: str) -> str:
    """How a statement ends that gives no more than `:limit` rows."""
    if dialect in {"mssql", "oracle"}:
        return "OFFSET 0 ROWS FETCH NEXT :limit ROWS ONLY"
    return "LIMIT :limit"


def queries(dialect: str) -> str:
    """What is read."""
    key = "concat(site, '/', item_no)" if dialect in _CONCATENATING else "site || '/' || item_no"
    return _QUERIES.format(limit=limit(dialect), stock_key=key)


def writes(dialect: str) -> str:
    """What is written: by procedures, on SQLite by inserts."""
    if dialect == "sqlite":
        return _INSERTS
    call = _CALLS.get(dialect, "CALL {name}(:document)")
    calls = {name: call.format(name=name) for name in _PROCEDURES_CALLED}
    return _PROCEDURES.format(now=_NOWS.get(dialect, "now() AT TIME ZONE 'utc'"), **calls)


# An SQLSTATE, a number, SQLite's name or, for all else, a pattern of the ERP's words.
ERRORS: Final = """
"23505": already_there
"1062": already_there
"2601": already_there
"2627": already_there
ORA-00001: already_there
SQLITE_CONSTRAINT_UNIQUE: already_there
SQLITE_CONSTRAINT_PRIMARYKEY: already_there
P3102: missing_customer
P3103: unknown_sku
P3104: quantity_not_positive
P3201: order_not_open
"^E102\\\\b": missing_customer
"^E103\\\\b": unknown_sku
"^E104\\\\b": quantity_not_positive
"^E201\\\\b": order_not_open
"""
