"""How long from a failing order's webhook until its case stands on somebody's desk?

`python -m benchmarks.visible`: every order fails for a cause of its own, while good orders come in at a
steady rate. Somebody has the desk open; like the page itself the benchmark asks for news every three
seconds, and a case is visible with the first answer that tells of it.
"""

import json
import os
import statistics
import threading
import time
from urllib.parse import urlencode

from benchmarks import load, report
from benchmarks.bad_day_operator import PASSWORD, Operator
from benchmarks.orders_http import wait_for_arrivals, warm_up
from benchmarks.replay import configuration
from benchmarks.rig import SCHEMA, Rig, rig, wait_until

FAILING, RATE, LIVE_RATE = 60, 1.0, 20
ASKS_EVERY = 3.0  # as static/js/live.js
LIMIT_SECONDS = 5.0
EMAIL = "ana@bench.test"
_CASES = "SELECT number, value FROM monitoring_exceptioncase"


def main() -> None:
    with rig() as one:
        sink = one.start_sink()
        one.configure(configuration(sink.url))
        one.start_web()
        one.start_workers()
        _person()
        warm_up(one, sink, 300)
        seen: dict[int, float] = {}
        ended = threading.Event()
        watcher = threading.Thread(target=_watch, args=(one, seen, ended))
        watcher.start()
        live = threading.Thread(target=_live, args=(one,))
        live.start()
        began = load.send(
            one.port, [_failing(n) for n in range(FAILING)], connections=4, rate=RATE
        ).began
        live.join()
        wait_for_arrivals(sink, int(FAILING / RATE) * LIVE_RATE, prefix="live", seconds=30)
        wait_until(lambda: len(seen) >= FAILING, what=f"{FAILING} cases on the desk", seconds=30)
        ended.set()
        watcher.join()
        with one.database() as connection:
            cases = dict(connection.execute(_CASES).fetchall())
    samples = [
        at - began[f"bad-{cases[number].removeprefix('OLD-')}"] for number, at in seen.items()
    ]
    p95 = statistics.quantiles(samples, n=100)[94]
    report.show(
        report.row(
            "failure_to_visible", p95, "s p95", limit=LIMIT_SECONDS, limit_is="what may pass until it is"
            " seen; the page asks every 3 s", cases=len(samples),
            median=round(statistics.median(samples), 2), max=round(max(samples), 2),
        )
    )  # fmt: skip


def _person() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django
    from django_tenants.utils import schema_context

    django.setup()
    from portal.accounts.models import Person, Role

    with schema_context(SCHEMA):
        Person.objects.create_person(
            email=EMAIL, name="Ana", role=Role.objects.get(slug="operator"), password=PASSWORD
        )


def _failing(n: int) -> load.Request:
    body = load.order(f"bad-{n}", salt=n)
    body["lines"][0]["sku"] = f"OLD-{n}"
    raw = json.dumps(body).encode()
    return body["number"], load.request("/in/bench/shop", raw, event=body["number"])


def _live(one: Rig) -> None:
    count = int(FAILING / RATE) * LIVE_RATE
    load.send(one.port, load.orders(count, prefix="live"), connections=8, rate=LIVE_RATE)


def _watch(one: Rig, seen: dict[int, float], ended: threading.Event) -> None:
    """What somebody sees who has the desk open: its rows, and how many new ones it says there are.

    Each time it says so, they have them shown.
    """
    operator = Operator(one.port, f"{SCHEMA}.localhost", EMAIL)
    page = operator.open("/desk/")
    while not ended.wait(ASKS_EVERY):
        pulse = page.select_one("#pulse")
        if pulse is None:
            raise SystemExit("The desk asks for no news.")
        answer = operator.http.get(operator.site + str(pulse["hx-get"]), timeout=30)
        if answer.status_code == 204 or "new, show" not in answer.text:
            continue
        told = time.time()
        page = operator.open(f"/desk/?{urlencode({'view': ''})}")
        for row in page.select("#cases [data-row]"):
            seen.setdefault(int(str(row["id"]).removeprefix("case-")), told)


if __name__ == "__main__":
    main()
