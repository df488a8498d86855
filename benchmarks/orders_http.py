"""How many orders a second go from a webhook to an HTTP system, with everything persisted?

`python -m benchmarks.orders_http`. The clock starts with the first request and stops when the last
order is at the sink. Then the books are checked: every order once, every message confirmed, every
step an event.
"""

import time

import psycopg

from benchmarks import limits, load, processor, report
from benchmarks.rig import Rig, Sink, wait_until, webhook_to_sink

COUNT = 3_000
WARM = 300
CONNECTIONS = 32
_BOOKS = """
    SELECT
        count(*) FILTER (WHERE direction = 'in' AND state = 'applied'),
        count(*) FILTER (WHERE direction = 'out' AND state = 'confirmed'),
        count(*),
        (SELECT count(*) FROM integrations_record WHERE object_type = 'order'),
        (SELECT count(*) FROM integrations_messageevent WHERE to_state = 'received'),
        (SELECT count(*) FROM integrations_messageevent WHERE to_state = 'applied'),
        (SELECT count(*) FROM integrations_messageevent WHERE to_state = 'waiting'),
        (SELECT count(*) FROM integrations_messageevent WHERE to_state = 'confirmed'),
        (SELECT count(*) FROM integrations_recordevent WHERE to_state = 'released'),
        (SELECT count(*) FROM integrations_payload)
    FROM integrations_message
"""


def main() -> None:
    with webhook_to_sink() as (one, sink):
        warm_up(one, sink, WARM)
        before = processor.seconds(one)
        sent = load.send(one.port, load.orders(COUNT, prefix="o"), connections=CONNECTIONS)
        if sent.accepted != COUNT:
            raise SystemExit(f"Of {COUNT} orders {sent.accepted} were accepted.")
        arrivals = wait_for_arrivals(sink, COUNT, prefix="o", seconds=60)
        seconds = max(arrivals.values()) - min(sent.began.values())
        check_books(one, sink, COUNT + WARM)
        spent = processor.per_order(before, processor.seconds(one), COUNT)
        commits = limits.commits_per_second(one)
    print(f"accepted at {sent.accepted / sent.seconds:,.0f}/s, delivered in {seconds:.2f} s")
    report.show(
        report.row(
            "orders_http", COUNT / seconds, "orders/s", limit=commits, limit_is=limits.BARE_COMMIT,
            orders=COUNT, double_effects=0, cpu_ms_per_order=spent,
        )
    )  # fmt: skip


def warm_up(one: Rig, sink: Sink, count: int) -> None:
    """Let every process have compiled, connected and cached what it will."""
    load.send(one.port, load.orders(count, prefix="warm"), connections=16)
    wait_for_arrivals(sink, count, prefix="warm", seconds=30)
    time.sleep(1)


def wait_for_arrivals(sink: Sink, count: int, *, prefix: str, seconds: float) -> dict[str, float]:
    """Order number → when it arrived at the sink, once `count` are there."""
    arrived: dict[str, float] = {}

    def complete() -> bool:
        found = sink.effects()["arrivals"]
        arrived.update({n: at for n, at in found.items() if n.startswith(f"{prefix}-")})
        time.sleep(0.2)
        return len(arrived) == count

    wait_until(complete, what=f"{count} orders at the sink", seconds=seconds)
    return arrived


def check_books(one: Rig, sink: Sink, orders: int) -> None:
    """Every order once at the sink, and every step of it in the database, or SystemExit."""
    expected = (
        orders,
        orders,
        2 * orders,
        orders,
        orders,
        orders,
        orders,
        orders,
        orders,
        2 * orders,
    )
    with one.database() as connection:
        wait_until(
            lambda: _books(connection)[1] == orders, what=f"{orders} confirmed messages", seconds=10
        )
        found = _books(connection)
    if found != expected:
        raise SystemExit(f"The books are wrong: {found} instead of {expected}.")
    effects = sink.effects()
    if (effects["effects"], effects["double_effects"]) != (orders, 0):
        raise SystemExit(
            f"The sink has {effects['effects']} effects, {effects['double_effects']} double."
        )


def _books(connection: psycopg.Connection) -> tuple:
    return connection.execute(_BOOKS).fetchone() or ()


if __name__ == "__main__":
    main()
