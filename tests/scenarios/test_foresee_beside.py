"""Dry runs beside live work: they wait, they give up, and live work hardly notices."""

import time
from threading import Event, Thread

import pytest
from django.db import connections, transaction
from django_tenants.utils import schema_context

from integrations.domain import configuration, dry_run, foresee, lookups, replay
from integrations.models import LookupTable, Message
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.pages.scenery import HELD_ROWS
from tests.people import Site
from tests.scenarios.passes import side_by_side, translate_all

pytestmark = [pytest.mark.db, pytest.mark.long]


@pytest.fixture
def shop(site):
    made = pipeline.endpoint(site.harbor, "shop", settings={})
    erp = pipeline.endpoint(site.harbor, "erp", settings={"url": "http://127.0.0.1:9"})
    pipeline.flow(made, erp)
    made.mappings.create(object_type="order", direction="in", version=1, rows=HELD_ROWS)
    return made


@pytest.fixture
def table(site):
    return LookupTable.objects.create(customer_id=site.harbor, name="sku", default="hold")


def hold(site: Site, shop, *numbers: str) -> list:
    pipeline.store(shop, *[pipeline.order(number, sku="TENT-OLD") for number in numbers])
    translate_all(site.harbor)()
    return list(Message.objects.filter(state="held").order_by("id").values_list("pk", flat=True))


def foreseen(site: Site, table, ids: list) -> list[str]:
    found = foresee.foresee(
        site.harbor, ids,
        change=lambda: lookups.put(table, "TENT-OLD", "TENT-2P", by="Ana", insist=True),
        release=lambda chosen: replay.replay(chosen, actor="Ana", cause="lookup added"),
    )  # fmt: skip
    return [one.verdict for chunk in found for one in chunk]


class Holder:
    """Another connection that has a document's row for a while."""

    def __init__(self, message_id) -> None:
        self._id, self._let_go, self._has = message_id, Event(), Event()
        self._thread = Thread(target=self._run)
        self._thread.start()
        assert self._has.wait(10)

    def _run(self) -> None:
        with schema_context("kestrel"), transaction.atomic():
            Message.objects.select_for_update().get(pk=self._id)
            self._has.set()
            self._let_go.wait(30)
        connections.close_all()

    def let_go(self) -> None:
        self._let_go.set()
        self._thread.join(30)


def test_a_row_that_another_has_is_waited_for(site, shop, table):
    ids = hold(site, shop, "1001", "1002")
    holder = Holder(ids[1])
    later = Thread(target=lambda: (time.sleep(1), holder.let_go()))
    later.start()
    begun = time.monotonic()
    assert foreseen(site, table, ids) == ["pass", "pass"]
    assert time.monotonic() - begun > 0.9
    later.join()


def test_a_row_that_is_never_let_go_ends_the_dry_run_with_a_clear_error(
    site, shop, table, monkeypatch
):
    monkeypatch.setattr(dry_run, "TRIES", 2)
    ids = hold(site, shop, "1001")
    holder = Holder(ids[0])
    try:
        with pytest.raises(foresee.BusyError, match="Try again in a moment"):
            foreseen(site, table, ids)
    finally:
        holder.let_go()
    assert pipeline.states() == ["held"]
    assert configuration.live(site.harbor).lookups["sku"].rows == {}


def test_nothing_is_left_after_a_real_rollback(site, shop, table):
    ids = hold(site, shop, *[str(n) for n in range(50)])
    version = configuration.live(site.harbor).version
    assert foreseen(site, table, ids) == ["pass"] * 50
    assert pipeline.states() == ["held"] * 50
    assert configuration.live(site.harbor).version == version
    assert configuration.live(site.harbor).lookups["sku"].rows == {}
    assert ExceptionCase.objects.get().documents == 50


def test_live_work_and_dry_runs_come_to_an_end_together(site, shop, table):
    ids = hold(site, shop, *[str(n) for n in range(300)])
    verdicts = []

    def look() -> None:
        for _ in range(3):
            verdicts.extend(foreseen(site, table, ids))

    def live() -> None:
        for start in range(0, 300, 50):
            numbers = range(start, start + 50)  # the same orders again, and held again
            pipeline.store(shop, *[pipeline.order(str(n), sku="TENT-OLD") for n in numbers])
            translate_all(site.harbor)()

    side_by_side(look, live)
    assert len(verdicts) == 900
    assert set(verdicts) <= {"pass", "impossible"}
    states = pipeline.states()
    assert (states.count("superseded"), states.count("held")) == (300, 300)
