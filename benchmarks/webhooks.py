"""How many webhooks a second are accepted, that is, signed, stored and durable before the answer?

`python -m benchmarks.webhooks`. The workers are off: the door stands and stores while everything
behind it is down, and what is measured is the door.
"""

from benchmarks import limits, load, report
from benchmarks.rig import Rig, rig, shop_to

COUNT = 6_000
BARE_COUNT = 1_500
CONNECTIONS = (16, 64)


def main() -> None:
    with rig() as one:
        one.configure(shop_to("http://127.0.0.1:9"))
        one.start_web()
        bare_port = limits.start_bare_view(one)
        load.send(one.port, load.orders(300, prefix="warm"), connections=16)
        load.send(bare_port, load.orders(200, prefix="warm", path="/store"), connections=16)
        bare, ours = {}, {}
        for connections in CONNECTIONS:
            bare[connections] = _bare(one, bare_port, connections)
            ours[connections] = _door(one, connections)
        commits = limits.commits_per_second(one)
    rows = [
        report.row(
            "webhooks" if connections == max(CONNECTIONS) else f"webhooks_{connections}",
            ours[connections], "webhooks/s", limit=bare[connections], limit_is=limits.BARE_VIEW,
            connections=connections, bare_commits=round(commits),
        )
        for connections in reversed(CONNECTIONS)
    ]  # fmt: skip
    report.show(*rows)


def _bare(one: Rig, port: int, connections: int) -> float:
    """The same for the bare view, whose rows are counted too."""
    prefix = f"bare{connections}"
    orders = load.orders(BARE_COUNT, prefix=prefix, path="/store")
    with one.database() as connection:
        connection.execute("TRUNCATE public.bare_view")
        sent = load.send(port, orders, connections=connections)
        (stored,) = connection.execute("SELECT count(*) FROM public.bare_view").fetchone() or (0,)
    if stored != BARE_COUNT:
        raise SystemExit(f"Of {BARE_COUNT} requests the bare view stored {stored}.")
    return sent.accepted / sent.seconds


def _door(one: Rig, connections: int) -> float:
    """Accepted a second; every accepted one is then found as a row with its event and its bytes."""
    prefix = f"c{connections}"
    sent = load.send(one.port, load.orders(COUNT, prefix=prefix), connections=connections)
    with one.database() as connection:
        (stored,) = connection.execute(
            """
            SELECT count(*) FROM integrations_message m
            JOIN integrations_payload p ON p.sha256 = m.payload_id
            WHERE m.dedup_key LIKE %s AND m.state = 'received' AND EXISTS (
                SELECT 1 FROM integrations_messageevent e WHERE e.message_id = m.id)
            """,
            [f"%{prefix}-%"],
        ).fetchone() or (0,)
    if (sent.accepted, stored) != (COUNT, COUNT):
        raise SystemExit(f"Of {COUNT} webhooks {sent.accepted} were accepted, {stored} stored.")
    print(f"{connections} connections: {stored:,} stored in {sent.seconds:.2f} s")
    return sent.accepted / sent.seconds


if __name__ == "__main__":
    main()
