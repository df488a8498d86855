"""How long does an order take from the begin of its webhook to its arrival at the HTTP sink?

`python -m benchmarks.latency`: at 20 and at 100 orders a second, evenly spaced.
"""

import statistics
from typing import Any

from benchmarks import limits, load, report
from benchmarks.orders_http import check_books, wait_for_arrivals, warm_up
from benchmarks.rig import Rig, Sink, webhook_to_sink

SECONDS = 12
RATES = (100, 20)
WARM = 300
LIMIT_IS = "one bare commit and one bare POST to the same sink, one after the other, median"


def main() -> None:
    with webhook_to_sink() as (one, sink):
        warm_up(one, sink, WARM)
        samples = {rate: _milliseconds(one, sink, rate) for rate in RATES}
        check_books(one, sink, WARM + sum(len(found) for found in samples.values()))
        limit = limits.post_and_commit_ms(one, sink.url, b"{}")
    rows = [
        _row(f"latency_{name}_at_{rate}", value, limit, samples[rate])
        for rate in RATES
        for name, value in (("p95", _percentile(samples[rate], 95)),
                            ("p50", _percentile(samples[rate], 50)))
    ]  # fmt: skip
    report.show(*rows)


def _milliseconds(one: Rig, sink: Sink, rate: int) -> list[float]:
    prefix = f"r{rate}"
    orders = load.orders(rate * SECONDS, prefix=prefix)
    sent = load.send(one.port, orders, connections=32, rate=rate)
    arrivals = wait_for_arrivals(sink, len(orders), prefix=prefix, seconds=30)
    return [1000 * (arrivals[number] - began) for number, began in sent.began.items()]


def _percentile(samples: list[float], percent: int) -> float:
    return statistics.quantiles(samples, n=100)[percent - 1]


def _row(name: str, value: float, limit: float, samples: list[float]) -> dict[str, Any]:
    return report.row(
        name,
        value,
        "ms",
        limit=limit,
        limit_is=LIMIT_IS,
        max=round(max(samples)),
        orders=len(samples),
    )


if __name__ == "__main__":
    main()
