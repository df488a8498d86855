"""An application's order travels to a real warehouse, and its tracking comes back as an event."""

from concurrent.futures import ThreadPoolExecutor

import paramiko
import pytest
from django.db import connections
from django_tenants.utils import schema_context

from integrations.domain import applications, deliver, poll, receive
from integrations.models import Message, PollCursor, Record
from monitoring.models import ExceptionCase
from portal.core import clock
from portal.webhooks.domain import wanted
from tests import pipeline
from tests.api.asking import Program, program
from tests.scenarios.test_round_trip import systems, warehouse

__all__ = ["systems", "warehouse"]

pytestmark = pytest.mark.db


def order(number: str, **fields) -> dict:
    made = pipeline.order(number, **fields)
    del made["channel"]
    return made


def key(site, application) -> Program:
    return program(site, customer_id=application.customer_id, endpoint_id=application.pk)


@pytest.fixture
def northwind(kestrel, warehouse, tmp_path):
    host_key = paramiko.PKey.from_path(tmp_path / "host.key")
    made = pipeline.endpoint(
        kestrel.harbor, "northwind", "x12", site="RNO1", label="Northwind RNO1",
        secrets={"password": "pw"},
        settings={
            "host": "127.0.0.1", "port": warehouse.sftp_port, "user": "portal", "site": "RNO1",
            "host_key": f"{host_key.get_name()} {host_key.get_base64()}",
            "own_id": "PORTAL", "partner_id": "NWIND3PL", "usage": "T",
        },
    )  # fmt: skip
    PollCursor.objects.create(endpoint=made, stream="files", every_seconds=0, due_at=clock.now())
    return made


def test_an_order_that_was_put_is_shipped_and_its_application_takes_the_tracking(
    kestrel, northwind, warehouse
):
    wanted.forget()
    application = pipeline.endpoint(kestrel.harbor, "counterapp", "application", secrets={})
    pipeline.flow(application, northwind, routed=True)
    hub = key(kestrel, application)
    assert hub.send("PUT", "hub/orders/1001/", order("1001")).status_code == 202
    events: list[dict] = []
    cursor = ""
    for _ in range(200):
        receive.receive(kestrel.harbor)
        deliver.deliver(northwind.pk)
        poll.poll(northwind.pk)
        said = hub.get(f"hub/events/{f'?cursor={cursor}' if cursor else ''}").json()
        events, cursor = events + said["events"], said["cursor"]
        if any(
            one["data"].get("state") == "shipped" and one["type"] == "order.moved" for one in events
        ):
            break
    told = [(one["type"], one["data"].get("state")) for one in events]
    assert ("order.created", "released") in told, told
    assert ("order.moved", "shipped") in told, (told, pipeline.story())
    [shipment] = [one["shipment"] for one in events if one["type"] == "shipment.created"]
    assert shipment["tracking"]
    read = hub.get("hub/orders/1001/").json()
    assert (read["state"], read["said"]) == ("shipped", "on its way")
    assert read["shipments"][0]["shipment"] == shipment
    assert hub.post("hub/orders/1001/cancel/").status_code == 409
    assert warehouse.effects()["orders"] == {"1001": 1}
    assert warehouse.effects()["double_effects"] == 0
    assert not ExceptionCase.objects.exists()


def test_the_same_order_put_many_times_at_once_is_stored_once(site):
    application = pipeline.endpoint(site.harbor, "counterapp", "application", secrets={})
    mine = applications.Application(application.pk, site.harbor, "counterapp")
    body = b'{"number": "1001", "status": "open"}'

    def put(body: bytes) -> bool:
        try:
            with schema_context(site.schema):
                return applications.put(mine, "1001", body).is_new
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(put, [body] * 6)) == [False] * 5 + [True]
        other = [b'{"number": "1001", "status": "open", "n": %d}' % n for n in range(4)]
        assert list(pool.map(put, other)) == [True] * 4
    stored = Message.objects.filter(endpoint=application)
    assert stored.count() == len(set(stored.values_list("dedup_key", flat=True))) == 5
    assert not Record.objects.exists()


def test_an_order_whose_storing_was_cut_short_is_not_there_and_can_be_put_again(
    kestrel, monkeypatch
):
    application = pipeline.endpoint(kestrel.harbor, "counterapp", "application", secrets={})
    hub = key(kestrel, application)
    with monkeypatch.context() as cut:
        cut.setattr(applications.lanes, "wake", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            hub.send("PUT", "hub/orders/1001/", order("1001"))
    assert not Message.objects.exists()
    assert hub.send("PUT", "hub/orders/1001/", order("1001")).status_code == 202
    # The answer was lost on its way: the application asks again.
    assert hub.send("PUT", "hub/orders/1001/", order("1001")).status_code == 200
    pipeline.run(kestrel.harbor)
    assert Record.objects.get(object_type="order").version == 1
