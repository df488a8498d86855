"""How long from a case that opens until somebody was told of it? And how often for one cause?

`python -m benchmarks.alerts`: orders fail for sixty causes of their own, while good orders come in at a
steady rate, and a rule tells a webhook. Past twenty messages in ten minutes cases come together, and count
as told with the message in which they stand. Then ten thousand orders fail for one cause: one message. A
second rule says again each minute what nobody has: what was acknowledged by the link of its message stays
silent. At last the cause comes back: one message more.
"""

import json
import os
import statistics
import threading
import time

import requests
from bs4 import BeautifulSoup

from benchmarks import load, report
from benchmarks.alerts_sink import AlertSink
from benchmarks.orders_http import wait_for_arrivals, warm_up
from benchmarks.replay import configuration
from benchmarks.rig import SCHEMA, Rig, rig, wait_until

CAUSES, RATE, LIVE_RATE = 60, 2.0, 20
MANY = 10_000
LIMIT_SECONDS = 60.0
SILENT_FOR = 75.0  # seconds; what nobody has is told again each minute
_CASES = "SELECT number, extract(epoch FROM opened_at)::float, documents, value FROM monitoring_exceptioncase"


def main() -> None:
    with rig() as one, AlertSink() as told:
        sink = one.start_sink()
        one.configure(configuration(sink.url))
        one.start_web()
        one.start_workers()
        _django()
        _rule(told.url)
        warm_up(one, sink, 300)
        waits = _sixty_causes(one, told)
        wait_for_arrivals(sink, int(CAUSES / RATE) * LIVE_RATE, prefix="live", seconds=30)
        number, tellings = _ten_thousand(one, told)
        silence = _silence(one, told, number)
        back = _comes_back(one, told, number)
    p95 = statistics.quantiles(waits, n=100)[94]
    report.show(
        report.row(
            "case_to_alert", p95, "s p95", limit=LIMIT_SECONDS, limit_is="what may pass until somebody is"
            " told; past twenty in ten minutes they come together, half a minute later",
            cases=len(waits), median=round(statistics.median(waits), 2), max=round(max(waits), 2),
        ),
        report.row(
            "alerts_of_one_cause", tellings, "alerts", limit=1, limit_is=f"one, for {MANY:,} failures of"
            " one cause", after_acknowledging=silence, after_it_came_back=back,
        ),
    )  # fmt: skip
    if (tellings, silence, back) != (1, 0, 1):
        raise SystemExit("One alert, silence, one more: that is what was promised.")


def _django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django

    django.setup()


def _rule(url: str) -> None:
    """Everything goes to the sink at once."""
    from django_tenants.utils import schema_context

    from monitoring.domain.alerts import setup
    from monitoring.domain.alerts.setup import Step
    from monitoring.models import AlertChannel, AlertRule

    with schema_context(SCHEMA):
        channel = AlertChannel(name="Sink", kind="webhook", settings={"host": "127.0.0.1"})
        setup.put_channel(channel, {"url": url, "secret": "a shared secret of ours"})
        rule = AlertRule(name="Everything", severity=4)
        setup.put_rule(rule, [Step({"channel": channel}, 0)])


def _repeat() -> None:
    """From now on what nobody has is told again each minute."""
    from django_tenants.utils import schema_context

    from monitoring.models import AlertRule

    with schema_context(SCHEMA):
        AlertRule.objects.update(repeat_minutes=1)


def _failing(number: str, sku: str) -> load.Request:
    body = load.order(number)
    body["lines"][0]["sku"] = sku
    return number, load.request("/in/bench/shop", json.dumps(body).encode(), event=number)


def _sixty_causes(one: Rig, told: AlertSink) -> list[float]:
    """Seconds from each case's opening to the first message in which it stands."""
    live = threading.Thread(target=_live, args=(one,))
    live.start()
    failing = [_failing(f"bad-{n}", f"OLD-{n}") for n in range(CAUSES)]
    load.send(one.port, failing, connections=4, rate=RATE)
    wait_until(lambda: len(told.first()) >= CAUSES, what=f"{CAUSES} cases told", seconds=90)
    live.join()
    first = told.first()
    with one.database() as connection:
        rows = connection.execute(_CASES).fetchall()
    return [first[number] - opened for number, opened, *_ in rows]


def _live(one: Rig) -> None:
    count = int(CAUSES / RATE) * LIVE_RATE
    load.send(one.port, load.orders(count, prefix="live"), connections=8, rate=LIVE_RATE)


def _ten_thousand(one: Rig, told: AlertSink) -> tuple[int, int]:
    """The case that holds them, and how often it was told. The ten minutes of the sixty are forgotten."""
    with one.database() as connection:
        connection.execute(
            "UPDATE monitoring_alertmessage SET made_at = made_at - interval '1 hour'"
        )
        _repeat()
        load.send(
            one.port, [_failing(f"many-{n}", "OLD-MANY") for n in range(MANY)], connections=16
        )
        case = f"{_CASES} WHERE value = 'OLD-MANY' AND documents = {MANY}"
        wait_until(
            lambda: connection.execute(case).fetchone() is not None,
            what=f"{MANY:,} held orders in one case",
            seconds=120,
        )
        row = connection.execute(case).fetchone() or (0,)
    wait_until(lambda: told.of(row[0]) != [], what="its alert", seconds=60)
    return row[0], len([event for event in told.of(row[0]) if event != "repeated"])


def _silence(one: Rig, told: AlertSink, number: int) -> int:
    """Acknowledge by the link; how often it was told again while what nobody has was."""
    http = requests.Session()
    http.trust_env = False
    http.headers["Host"] = f"{SCHEMA}.localhost:{one.port}"
    link = f"http://127.0.0.1:{one.port}/{told.link_of(number).split('/', 3)[3]}"
    form = BeautifulSoup(http.get(link, timeout=30).text, "html.parser").select_one("form")
    if form is None:
        raise SystemExit("The link of the message shows no button.")
    token = form.select_one("[name=csrfmiddlewaretoken]")
    answer = http.post(
        link, data={"csrfmiddlewaretoken": token["value"] if token else ""},
        headers={"Referer": link}, timeout=30,
    )  # fmt: skip
    answer.raise_for_status()
    time.sleep(2)
    load.send(one.port, [_failing("other-1", "OLD-OTHER")], connections=1)
    before = len([event for event in told.of(number) if event != "acknowledged"])
    time.sleep(SILENT_FOR)
    with one.database() as connection:
        query = "SELECT number FROM monitoring_exceptioncase WHERE value = 'OLD-OTHER'"
        other = (connection.execute(query).fetchone() or (0,))[0]
    if "repeated" not in told.of(other):
        raise SystemExit("What nobody has was not told again, so that silence says nothing.")
    return len([event for event in told.of(number) if event != "acknowledged"]) - before


def _comes_back(one: Rig, told: AlertSink, number: int) -> int:
    """How often it is told that the cause came back."""
    from django_tenants.utils import schema_context

    from monitoring.domain import closing
    from monitoring.models import AlertRule

    with schema_context(SCHEMA):
        AlertRule.objects.update(repeat_minutes=None)
        closing.close([number], cause="mended", actor="Bench")
    wait_until(lambda: "over" in told.of(number), what="its end", seconds=60)
    load.send(one.port, [_failing("again-1", "OLD-MANY")], connections=1)
    wait_until(lambda: "came_back" in told.of(number), what="its return", seconds=60)
    time.sleep(5)
    return told.of(number).count("came_back")


if __name__ == "__main__":
    main()
