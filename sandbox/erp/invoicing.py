"""The ERP's evening job, run all the time: invoice what was shipped, book some payments."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import Connection, Engine, Row, text

CENT = Decimal("0.01")
TERMS = timedelta(days=30)

SHIPPED = (
    "SELECT order_no, cust_no, currency, freight, tax FROM sales_order "
    "WHERE status = 'SHIPPED' ORDER BY order_no LIMIT 200"
)
LINES = (
    "SELECT l.line_no, l.item_no, i.descr, l.qty, l.qty_shipped, l.unit_price "
    "FROM sales_order_line l JOIN item i ON i.item_no = l.item_no "
    "WHERE l.order_no = :order_no ORDER BY l.line_no"
)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _amount(value: object) -> Decimal:
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


def _lines(connection: Connection, order_no: int, invoice_no: str) -> list[dict[str, object]]:
    """What was shipped; an order that was marked shipped without quantities went out whole."""
    rows = connection.execute(text(LINES), {"order_no": order_no}).all()
    counted = any(row.qty_shipped for row in rows)
    lines = []
    for row in rows:
        quantity = row.qty_shipped if counted else row.qty
        if quantity:
            lines.append(
                {
                    "inv_no": invoice_no,
                    "line_no": row.line_no,
                    "item_no": row.item_no,
                    "descr": row.descr,
                    "qty": quantity,
                    "uom": "EA",
                    "unit_price": str(row.unit_price),
                    "amount": str(_amount(quantity * Decimal(str(row.unit_price)))),
                }
            )
    return lines


def _post(connection: Connection, order: Row) -> None:
    invoice_no = f"INV-{order.order_no}"
    moment = _now()
    lines = _lines(connection, order.order_no, invoice_no)
    goods = sum((Decimal(str(line["amount"])) for line in lines), Decimal(0))
    total = goods + _amount(order.freight) + _amount(order.tax)
    connection.execute(
        text(
            "INSERT INTO invoice (inv_no, order_no, cust_no, inv_date, due_date, currency, goods, "
            "freight, tax, total, status, changed_at) VALUES (:inv_no, :order_no, :cust_no, "
            ":inv_date, :due_date, :currency, :goods, :freight, :tax, :total, 'POSTED', :now)"
        ),
        {
            "inv_no": invoice_no,
            "order_no": order.order_no,
            "cust_no": order.cust_no,
            "inv_date": moment.date().isoformat(),
            "due_date": (moment + TERMS).date().isoformat(),
            "currency": order.currency,
            "goods": str(goods),
            "freight": str(_amount(order.freight)),
            "tax": str(_amount(order.tax)),
            "total": str(total),
            "now": _stamp(moment),
        },
    )
    if lines:
        connection.execute(
            text(
                "INSERT INTO invoice_line (inv_no, line_no, item_no, descr, qty, uom, unit_price, "
                "amount) VALUES (:inv_no, :line_no, :item_no, :descr, :qty, :uom, :unit_price, "
                ":amount)"
            ),
            lines,
        )
    connection.execute(
        text("UPDATE sales_order SET status = 'INVOICED', changed_at = :now WHERE order_no = :no"),
        {"now": _stamp(moment), "no": order.order_no},
    )


def _stamp(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="milliseconds")


def post_invoices(engine: Engine) -> int:
    """Invoice up to 200 shipped orders; returns how many."""
    with engine.begin() as connection:
        orders = connection.execute(text(SHIPPED)).all()
        for order in orders:
            _post(connection, order)
    return len(orders)


def book_payments(engine: Engine) -> int:
    """Every third order's invoice is paid, the next one half, the rest stay open."""
    booked = 0
    with engine.begin() as connection:
        for status, paid, rest in (("PAID", "total", 0), ("PART_PAID", "round(total / 2, 2)", 1)):
            sql = (
                f"UPDATE invoice SET status = :status, paid_amount = {paid}, changed_at = :now "
                "WHERE status = 'POSTED' AND order_no % 3 = :rest"
            )
            values = {"status": status, "now": _stamp(_now()), "rest": rest}
            booked += connection.execute(text(sql), values).rowcount
    return booked
