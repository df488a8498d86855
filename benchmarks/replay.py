"""What does the replay of 10,000 held documents do to the orders that come in live meanwhile?

`python -m benchmarks.replay`: live orders at a steady rate, their p95 from webhook to target alone and
beside the replay, in turns of one run. Beside it, some of the held orders come again, changed: whatever
overtakes whatever, each has to end as its last document says, and its target has to hear of its versions
in their order. Afterwards every order is at the target, none twice.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import load, report
from benchmarks.orders_http import wait_for_arrivals, warm_up
from benchmarks.rig import SCHEMA, Rig, Sink, rig, shop_to, wait_until

HELD = 10_000
CHANGED = 200
RATE = 20
SECONDS = 20
WARM = 300
NEW_PO = "PO-CHANGED"
# Versions of one order that its target confirmed in another order than that of their numbers.
_OUT_OF_ORDER = """
    SELECT count(*) FROM (
        SELECT m.record_version, lag(m.record_version) OVER (
            PARTITION BY m.flow_id, m.record_id ORDER BY e.id) AS before
        FROM integrations_messageevent e JOIN integrations_message m ON m.id = e.message_id
        WHERE e.to_state = 'confirmed' AND m.direction = 'out') AS told
    WHERE before > record_version
"""
_NOT_THE_LAST = """
    SELECT count(*) FROM integrations_record
    WHERE object_type = 'order' AND number = ANY(%s) AND body ->> 'po_number' <> %s
"""


def main() -> None:
    with rig() as one:
        sink = one.start_sink()
        one.configure(configuration(sink.url))
        one.start_web()
        one.start_workers()
        warm_up(one, sink, WARM)
        _hold(one)
        before = _samples(one, sink, "before")
        finish = _begin_replay()
        beside = _samples(one, sink, "beside")
        changed = _change(one)
        replayed = finish()
        after = _samples(one, sink, "after")
        wrong = _wrong(one, sink, changed)
    alone = _p95([*before, *after])
    report.show(
        report.row(
            "replay_beside_live", _p95(beside) / alone, "of p95 alone", limit=1.1,
            limit_is="live p95 beside a replay of 10,000, a tenth more allowed",
            alone_ms=round(alone, 1), beside_ms=round(_p95(beside), 1),
            apart_ms=[round(_p95(before), 1), round(_p95(after), 1)],
            replay_seconds=round(replayed, 1), wrong=wrong,
        )
    )  # fmt: skip
    if any(wrong.values()):
        sys.exit(f"The replay went wrong: {wrong}")


def configuration(url: str) -> dict[str, Any]:
    """A shop whose orders want a row of their lookup table, and the HTTP target at `url`."""
    known = {sku: sku for sku in load.SKUS}
    lines = ["line_no", "quantity", "uom", "unit_price", "total", "description"]
    whole = [
        "number",
        "channel",
        "placed_at",
        "currency",
        "status",
        "po_number",
        "ship_to",
        "totals",
    ]
    return {
        **shop_to(url),
        "lookups": [{"customer": "harbor", "name": "sku", "default": "hold", "rows": known}],
        "mappings": [
            {"endpoint": "shop", "object": "order", "direction": "in",
             "rows": [*[[name, name] for name in whole], ["lines[]", "lines"],
                      *[[f"lines[].{name}", name] for name in lines],
                      ["lines[].sku", "$lookup('sku', sku)"]]}
        ],
    }  # fmt: skip


def _hold(one: Rig) -> None:
    """Ten thousand orders with an item nobody knows, all held in one case."""
    sent = load.send(one.port, [_old(n) for n in range(HELD)], connections=32)
    if sent.accepted != HELD:
        raise SystemExit(f"Of {HELD} orders {sent.accepted} were accepted.")
    with one.database() as connection:
        held = "SELECT count(*) FROM integrations_message WHERE state = 'held'"
        wait_until(
            lambda: (connection.execute(held).fetchone() or (0,))[0] == HELD,
            what=f"{HELD} held orders",
            seconds=60,
        )


def _old(n: int) -> load.Request:
    body = load.order(f"held-{n:05d}", salt=n)
    body["lines"][1]["sku"] = "SKU-OLD"
    return _request(body, event=body["number"])


def _change(one: Rig) -> list[str]:
    """Held orders come again with a known item: some of them were replayed already, most were not."""
    bodies = [load.order(f"held-{n:05d}", salt=n) for n in range(0, HELD, HELD // CHANGED)]
    for body in bodies:
        body["po_number"] = NEW_PO
    requests = [_request(body, event=f"{body['number']} again") for body in bodies]
    load.send(one.port, requests, connections=2, rate=RATE)
    return [body["number"] for body in bodies]


def _request(body: dict[str, Any], *, event: str) -> load.Request:
    return body["number"], load.request("/in/bench/shop", json.dumps(body).encode(), event=event)


def _samples(one: Rig, sink: Sink, prefix: str) -> list[float]:
    """Milliseconds from webhook to target of live orders at a steady rate."""
    orders = load.orders(RATE * SECONDS, prefix=prefix)
    sent = load.send(one.port, orders, connections=16, rate=RATE)
    arrivals = wait_for_arrivals(sink, len(orders), prefix=prefix, seconds=60)
    return [1000 * (arrivals[number] - began) for number, began in sent.began.items()]


def _p95(samples: list[float]) -> float:
    return statistics.quantiles(samples, n=100)[94]


def _begin_replay() -> Callable[[], float]:
    """Try one lookup row on all of them and let them go. Returns what waits for the end."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django

    django.setup()
    from django_tenants.utils import schema_context

    from monitoring.domain import fixing
    from monitoring.models import ExceptionCase, Fix
    from portal.accounts.models import Person, Role

    with schema_context(SCHEMA):
        person = Person.objects.create_person(
            email="ana@bench.test",
            name="Ana",
            role=Role.objects.get(slug="operator"),
            password=None,
        )
        case = ExceptionCase.objects.get()
        terms = {"table": "sku", "code": "SKU-OLD", "value": "SKU-001", "insist": False}
        fix = fixing.begin(
            case, "lookup", terms, words="SKU-OLD → SKU-001", person=person,
            ids=fixing.frozen(case, up_to=2**62),
        )  # fmt: skip
        _wait(fix, Fix.State.CHECKED, seconds=120)
        print(f"dry run of {HELD}: {fix.check_seconds} s", file=sys.stderr)
        fixing.go(fix.pk, person=person, shown=fix.digest, canary=False)
        began = time.monotonic()

    def finish() -> float:
        with schema_context(SCHEMA):
            _wait(fix, Fix.State.DONE, seconds=600)
        return time.monotonic() - began

    return finish


def _wait(fix: Any, state: str, *, seconds: float) -> None:
    def there() -> bool:
        fix.refresh_from_db()
        if fix.state == "failed":
            raise SystemExit(f"The fix stopped: {fix.trouble}")
        return fix.state == state

    wait_until(there, what=f"the fix to be {state}", seconds=seconds)


def _wrong(one: Rig, sink: Sink, changed: list[str]) -> dict[str, int]:
    with one.database() as connection:
        order = (connection.execute(_OUT_OF_ORDER).fetchone() or (0,))[0]
        last = (connection.execute(_NOT_THE_LAST, [changed, NEW_PO]).fetchone() or (0,))[0]
    books = json.loads(one.tell("audit_ledger", "--partner", SCHEMA))
    return {
        "out_of_order": order,
        "not_as_the_last_says": last,
        "double_effects": sink.effects()["double_effects"],
        "lost": books["lost"],
        "held": books["held"],
    }


if __name__ == "__main__":
    main()
