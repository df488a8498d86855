"""A bad day: 20,000 orders, a thousand fail for six causes, and one system goes away for a while.

`python -m benchmarks.bad_day`. A scripted operator clears the desk over its pages, one remedy a case, and
what each dry run foretold is held against what became of every document. The same day is then worked off
by retrying documents one by one, once each cause is mended. The last line is one JSON object:

cases: how many there were. remedies: how many were applied. predicted_right of outcomes: documents whose
end was foretold, of all that were tried. duplicates: effects at the targets beyond one for each order.
lost: what `audit_ledger` misses. actions, seconds: of the operator. baseline_actions, baseline_seconds:
one by one, where opening a document, a person's reading and deciding count as nothing.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bs4 import BeautifulSoup

from benchmarks import bad_day_orders as day
from benchmarks import load
from benchmarks.bad_day_operator import PASSWORD, Operator
from benchmarks.rig import SCHEMA, Rig, Sink, post_json, rig, wait_until
from portal.demo import ports

EMAIL = "ana@bench.test"
MOST_CASES = 8
_STATES = "SELECT count(*) FROM integrations_message WHERE state = ANY(%s)"


def main() -> None:
    with bad_day() as (one, sinks):
        found = cleared_over_the_desk(one, sinks)
    print(json.dumps(found), file=sys.stderr, flush=True)
    with bad_day() as (one, sinks):
        baseline = retried_one_by_one(one, sinks)
    print(json.dumps({**found, **baseline}))
    wrong = found["duplicates"] or found["lost"] or found["predicted_right"] != found["outcomes"]
    if wrong or found["cases"] > MOST_CASES:
        sys.exit("This is not what a day should come to.")


@contextmanager
def bad_day() -> Iterator[tuple[Rig, list[Sink]]]:
    """An installation at the end of the day: all orders are in, what failed is held."""
    with rig() as one:
        sinks = [_sink(one, name) for name in ("erp", "books")]
        one.configure(day.configuration(*[sink.url for sink in sinks]))
        _seed()
        one.start_web()
        one.start_workers()
        orders = day.day("o")
        before = int(len(orders) * day.UNTIL_OUTAGE)
        _send(one, orders[:before])
        post_json(f"{sinks[1].url}/_sandbox/misbehave", {"http_500": 10**9})
        _send(one, orders[before:])
        _at_rest(one)
        yield one, sinks


def _sink(one: Rig, name: str) -> Sink:
    port = ports.find_free()
    one.start(name, "-m", "sandbox.sink", "--port", str(port), port=port)
    return Sink(f"http://127.0.0.1:{port}")


def _send(one: Rig, orders: list[load.Request]) -> None:
    sent = load.send(one.port, orders, connections=32)
    if sent.accepted != len(orders):
        raise SystemExit(f"Of {len(orders)} orders {sent.accepted} were accepted.")


def _at_rest(one: Rig) -> None:
    """Nothing is received and untranslated, and nothing waits but for the books."""
    erp = (
        "SELECT count(*) FROM integrations_message m JOIN integrations_endpoint e ON"
        " e.id = m.endpoint_id WHERE m.state IN ('received', 'waiting', 'sending') AND e.slug <> 'books'"
    )
    with one.database() as connection:
        wait_until(
            lambda: (connection.execute(erp).fetchone() or (1,))[0] == 0,
            what="the orders to be translated and sent",
            seconds=180,
        )


def _seed() -> None:
    """The items that are sold, and the person who works."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django
    from django_tenants.utils import schema_context

    django.setup()
    from django.db import connections

    from integrations.domain import configuration, master_data
    from integrations.models import Endpoint
    from portal.accounts.models import Person, Role

    connections.close_all()  # of the database before
    configuration.forget()
    with schema_context(SCHEMA):
        shop = Endpoint.objects.get(slug="shop")
        for sku in load.SKUS:
            master_data.put_product(
                shop.customer_id, sku, title=f"Item {sku}", uom="EA", endpoint_id=shop.pk, by="seed"
            )
        Person.objects.create_person(
            email=EMAIL, name="Ana", role=Role.objects.get(slug="engineer"), password=PASSWORD
        )
    connections.close_all()


def cleared_over_the_desk(one: Rig, sinks: list[Sink]) -> dict[str, Any]:
    """One remedy a case, over the pages, until nothing is on the desk."""
    operator = Operator(one.port, f"{SCHEMA}.localhost", EMAIL)
    began, remedies = time.monotonic(), 0
    while (case := _take_next(operator)) is not None:
        _clear(one, operator, case, sinks)
        remedies += 1
    seconds = time.monotonic() - began
    _all_arrive(one, sinks)
    with one.database() as connection:
        cases = connection.execute("SELECT count(*) FROM monitoring_exceptioncase").fetchone() or (
            0,
        )
        tried = connection.execute(_OUTCOMES).fetchall()
    return {
        "cases": cases[0],
        "remedies": remedies,
        "predicted_right": sum(n for verdict, outcome, n in tried if outcome in RIGHT[verdict]),
        "outcomes": sum(n for _, _, n in tried),
        "by_outcome": {f"{verdict}: {outcome}": n for verdict, outcome, n in tried},
        **_books(one, sinks),
        "actions": operator.actions,
        "seconds": round(seconds, 1),
    }


RIGHT = {"pass": ("passed",), "fail": ("held", "left"), "impossible": ("left",)}
_OUTCOMES = """
    SELECT i.verdict, i.outcome, count(*) FROM monitoring_fixitem i JOIN monitoring_fix f
        ON f.id = i.fix_id WHERE f.state = 'done' GROUP BY 1, 2 ORDER BY 1, 2
"""
_CASE = "SELECT code, value FROM monitoring_exceptioncase WHERE number = %s"


def _take_next(operator: Operator) -> int | None:
    """Press Take next. None when nothing is left."""
    desk = operator.open("/desk/")
    operator.press(desk.select_one("form[action='/desk/take/']"))
    return int(operator.path.split("/")[2]) if operator.path.startswith("/cases/") else None


def _clear(one: Rig, operator: Operator, number: int, sinks: list[Sink]) -> None:
    with one.database() as connection:
        code, value = connection.execute(_CASE, [number]).fetchone() or ("", "")
    cause = next((c for c in day.CAUSES if c.code == code and c.value in ("", value)), None)
    if cause is None:
        post_json(f"{sinks[1].url}/_sandbox/misbehave", {"http_500": 0})  # somebody mended it
        page = operator.open(f"/cases/{number}/?remedy=try")
        operator.press(page.select_one("form#remedy"))
        operator.wait_for(f"/cases/{number}/", "main:not(:has(form#remedy))")
        return
    if cause.remedy == "mapping":
        operator.actions += _draft()
    page = operator.open(f"/cases/{number}/?remedy={cause.remedy}")
    operator.press(page.select_one("form#remedy"), **cause.given)
    _carry_through(operator, operator.path)


def _carry_through(operator: Operator, fix: str) -> None:
    """See what the dry run says, send the canary, then all."""
    page = operator.wait_for(fix, "form[action$='/go/']")
    while _goes(page):
        operator.press(page.select_one("form[action$='/go/']"))
        page = operator.wait_for(fix, "form[action$='/go/'], form[action$='/undo/']")


def _goes(page: BeautifulSoup) -> bool:
    return page.select_one("form[action$='/go/']") is not None


def _draft() -> int:
    """The mapping's draft with the mended row. Returns what that takes in the editor: open it, choose
    the row, write the expression, leave."""
    from django_tenants.utils import schema_context

    from integrations.domain import drafts
    from integrations.domain.subjects import Subject
    from portal.accounts.models import Person
    from portal.customers.models import Customer

    rows = [[to, day.MENDED_DATE if to == "placed_at" else source] for to, source in day.MAPPING]
    with schema_context(SCHEMA):
        subject = Subject(Customer.objects.get().pk, "mapping", "shop order in")
        drafts.begin(subject, author=Person.objects.get(email=EMAIL), content={"rows": rows})
    return 4


def _all_arrive(one: Rig, sinks: list[Sink]) -> None:
    wanted = day.ALL - day.SKIPPED
    wait_until(
        lambda: all(sink.effects()["effects"] >= wanted for sink in sinks),
        what=f"{wanted} orders at both targets",
        seconds=180,
    )
    with one.database() as connection:
        moving = ["received", "waiting", "sending"]
        wait_until(
            lambda: (connection.execute(_STATES, [moving]).fetchone() or (1,))[0] == 0,
            what="everything to be confirmed",
            seconds=60,
        )


def _books(one: Rig, sinks: list[Sink]) -> dict[str, int]:
    books = json.loads(one.tell("audit_ledger", "--partner", SCHEMA))
    extra = sum(sink.effects()["effects"] - (day.ALL - day.SKIPPED) for sink in sinks)
    double = sum(sink.effects()["double_effects"] for sink in sinks)
    return {"duplicates": max(extra, double) + books["effects_doubled"], "lost": books["lost"]}


def retried_one_by_one(one: Rig, sinks: list[Sink]) -> dict[str, Any]:
    """Mend each cause the same way, then retry every failed document by itself until none is left."""
    post_json(f"{sinks[1].url}/_sandbox/misbehave", {"http_500": 0})
    from django_tenants.utils import schema_context

    began = time.monotonic()
    with schema_context(SCHEMA):
        actions = 1 + _mend_causes()
        actions += _retry_all(one)
    seconds = time.monotonic() - began
    _all_arrive(one, sinks)
    return {"baseline_actions": actions, "baseline_seconds": round(seconds, 1)}


def _mend_causes() -> int:
    """What every cause needs, once. Returns the actions: as many as over the desk for the same form."""
    from integrations.domain import lookups, master_data, writing
    from integrations.domain.subjects import Subject
    from integrations.models import Endpoint, LookupTable
    from portal.customers.models import Customer

    customer = Customer.objects.get()
    for table, code, value in (("sku", "SKU-OLD", "SKU-001"), ("uom", "STK", "EA"),
                               ("carrier", "Parcel Express 24", "UPSN")):  # fmt: skip
        lookups.put(LookupTable.objects.get(name=table), code, value, by="Ana")
    shop = Endpoint.objects.get(slug="shop")
    master_data.put_product(
        customer.pk, "LAMP-G", title="Lamp, green", uom="EA", endpoint_id=shop.pk, by="Ana"
    )
    rows = [[to, day.MENDED_DATE if to == "placed_at" else source] for to, source in day.MAPPING]
    writing.write(Subject(customer.pk, "mapping", "shop order in"), {"rows": rows}, by="Ana")
    return sum(2 + len(cause.given) for cause in day.CAUSES if cause.remedy != "skip")


def _retry_all(one: Rig) -> int:
    """Retry or, where that never helps, skip each document. Returns how often somebody pressed."""
    from integrations.domain import replay
    from integrations.models import Message, Problem

    pressed = 0
    while held := list(
        Message.objects.filter(state="held").order_by("pk").values_list("pk", flat=True)
    ):
        for pk in held:
            hopeless = Problem.objects.filter(
                message_id=pk, closed_at=None, code="address_invalid"
            ).exists()
            if hopeless:
                replay.skip([pk], actor="Ana", reason="test orders of the channel")
            else:
                replay.replay([pk], actor="Ana", cause="retried")
            pressed += 1
        with one.database() as connection:
            wait_until(
                lambda: (connection.execute(_STATES, [["received"]]).fetchone() or (1,))[0] == 0,
                what="the retried documents",
                seconds=120,
            )
    return pressed


if __name__ == "__main__":
    main()
