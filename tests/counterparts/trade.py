"""A customer whose shop is Vendure, whose ERP is Tryton and whose warehouse takes X12 files over SFTP.

The lanes run as they do in workers: each in a thread of its own, with its own connection, so all rows are
committed. A worker that has to die is a process.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import requests
from django.db import OperationalError, connections
from django.db.models import QuerySet
from django_tenants.utils import schema_context

from integrations.domain import deliver, poll, receive
from integrations.models import Endpoint, LookupTable, Message, PollCursor, Record
from monitoring.domain import carrying, fixing
from monitoring.models import ExceptionCase, Fix
from portal.accounts.models import Person, Role
from portal.core import clock
from portal.jobs.kinds import Turn
from tests import pipeline
from tests.connectors.counterparts import start_process, stop_process
from tests.counterparts.openssh_running import USER, Server
from tests.counterparts.tryton_running import Tryton
from tests.counterparts.vendure_running import Vendure
from tests.people import Site

FOLDERS = ("in", "in/archive", "in/error", "out", "out/archive")
SITE = "WH"  # as Tryton calls its warehouse: both speak of one place
THEIRS = {"STOVE-1": "STOVE-1B", "MUG-1": "MUG-12"}  # what the warehouse calls our goods
IDLE = 0.05

# Dies as a process does that the machine ends, nothing cleaned up and nothing told: when it comes to a step, or,
# without one, when all has been sent and nothing of it is written down.
WORKER = """
import importlib, os, signal, sys
import django
django.setup()
from django_tenants.utils import schema_context
from integrations.domain import deliver

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def send_and_die(*given, send=deliver._outcomes, **more):
    list(send(*given, **more))
    die()

if sys.argv[2]:
    module, owner, step = sys.argv[2].split(":")
    setattr(getattr(importlib.import_module(module), owner), step, die)
else:
    deliver._outcomes = send_and_die
with schema_context("kestrel"):
    deliver.deliver(int(sys.argv[1]))
"""


class Depot:
    """The people and the system in the warehouse, behind the partner's SFTP server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._process, line = start_process(
            "sandbox.warehouse", "--root", str(server.files), "--site", SITE, "--stock", "500",
            "--user", "unused", "--password", "unused", "--host-key", str(server.folder / "unused"),
            "--ship-after", "0.1", "--sets-per-file", "1",
        )  # fmt: skip
        self._url = next(word for word in line.split() if word.startswith("http"))

    def tell(self, path: str, **body: Any) -> None:
        requests.post(f"{self._url}/_sandbox/{path}", json=body, timeout=10).raise_for_status()

    def effects(self) -> dict[str, Any]:
        return dict(requests.get(f"{self._url}/_sandbox/effects", timeout=10).json())

    def taken(self, kind: str, number: str) -> list[str]:
        """Our files of a kind that it took and that name the number."""
        return self._files("in/archive", kind, number)

    def given(self, kind: str, number: str) -> list[str]:
        """Its files, which we have put away."""
        return self._files("out/archive", kind, number)

    def _files(self, folder: str, kind: str, number: str) -> list[str]:
        found = sorted((self.server.files / folder).rglob(f"{kind}_*"))
        texts = [path.read_text() for path in found if path.is_file()]
        return [text for text in texts if f"*{number}*" in text or f"*{number}~" in text]

    def close(self) -> None:
        stop_process(self._process)


class Trade:
    """Harbor's endpoints and flows, and the lanes that serve them."""

    def __init__(self, site: Site, shop: Vendure, erp: Tryton, depot: Depot) -> None:
        self.customer_id = customer_id = site.harbor
        self.shop = pipeline.endpoint(
            customer_id, "webshop", "vendure", secrets={"api_key": shop.key},
            settings={"url": shop.url}, channel={"share": 1, "buffer": 0},
        )  # fmt: skip
        self.erp = pipeline.endpoint(
            customer_id, "erp", "tryton", secrets=erp.secrets, concurrency=2,
            settings={**erp.settings, "house_account": "C-1"},
        )  # fmt: skip
        server = depot.server
        self.depot = pipeline.endpoint(
            customer_id, "northwind", "x12", site=SITE, label="Northwind",
            secrets={"private_key": server.private_key()},
            settings={
                "host": "127.0.0.1", "port": server.port, "user": USER, "site": SITE,
                "host_key": server.host_key(), "own_id": "PORTAL", "partner_id": "NWIND3PL",
                "usage": "T", "sets_per_file": 1,
            },
        )  # fmt: skip
        pipeline.flow(self.shop, self.depot, "order", routed=True)
        pipeline.flow(self.shop, self.erp, "order")
        for target in (self.shop, self.erp):
            pipeline.flow(self.depot, target, "shipment")
        for source in (self.depot, self.erp):
            pipeline.flow(source, self.shop, "inventory")
        self._calls("sku_warehouse", THEIRS)
        self._calls("sku", {theirs: ours for ours, theirs in THEIRS.items()})
        self.polls(self.depot, "files")
        depot.tell("inventory", skus=["TENT-2P", "TENT-4P", "STOVE-1B"])
        self.work(lambda: Record.objects.filter(object_type="inventory").count() == 3)
        self.polls(self.shop, "orders")
        self.polls(self.erp, "shipments")

    def polls(self, endpoint: Endpoint, stream: str) -> None:
        PollCursor.objects.create(
            endpoint=endpoint, stream=stream, every_seconds=1, due_at=clock.now()
        )

    def _calls(self, table: str, names: dict[str, str]) -> None:
        """What others call our goods; whatever is not named they call as we do."""
        made = LookupTable.objects.create(
            customer_id=self.customer_id, name=table, default=LookupTable.Default.PASS_THROUGH
        )
        for code, value in names.items():
            made.rows.create(code=code, value=value)

    def order(self, number: str) -> Record:
        return Record.objects.get(object_type="order", number=number)

    def sent(self, to: Endpoint, object_type: str, number: str) -> QuerySet[Message]:
        """What goes out to an endpoint about an order: itself, or its shipments."""
        order = self.order(number)
        return Message.objects.filter(
            direction="out", endpoint=to, object_type=object_type, order_id=order.pk
        )

    def is_at_rest(self, number: str) -> bool:
        """Whether all that goes out about an order has arrived, and is confirmed where the target confirms."""
        sent = Message.objects.filter(order_id=self.order(number).pk, direction="out")
        return not sent.filter(state__in=["waiting", "sending", "delivered"]).exists()

    def work(
        self,
        until: Callable[[], bool],
        *,
        seconds: float = 90,
        resting: Endpoint | None = None,
    ) -> None:
        """Run every lane, but what goes out to the endpoint that rests, until the question is answered yes."""
        deadline = time.monotonic() + seconds
        with self._lanes(resting) as failures:
            while not until():
                assert not failures, failures
                assert time.monotonic() < deadline, "\n".join(pipeline.story())
                time.sleep(0.1)

    @contextmanager
    def _lanes(self, resting: Endpoint | None) -> Iterator[list[BaseException]]:
        over, failures = Event(), []
        lanes: list[tuple[Callable[[int], Turn], int]] = [(receive.receive, self.customer_id)]
        for endpoint in (self.shop, self.erp, self.depot):
            lanes.append((poll.poll, endpoint.pk))
            if endpoint != resting:
                lanes.append((deliver.deliver, endpoint.pk))
        threads = [Thread(target=_run, args=(*lane, over, failures)) for lane in lanes]
        for thread in threads:
            thread.start()
        try:
            yield failures
        finally:
            over.set()
            for thread in threads:
                thread.join(60)

    def retry(self, case: ExceptionCase) -> None:
        """As a person does who has put it right: tried first, then let go."""
        role = Role.objects.get(slug="operator")
        ana = Person.objects.create_person(
            email="ana@trade.test", name="Ana", role=role, password=None
        )
        ids = fixing.frozen(case, up_to=2**62)
        fix = fixing.begin(case, "retry", {}, words="The goods are there", person=ana, ids=ids)
        carrying.step(fix.pk)
        fix.refresh_from_db()
        fixing.go(fix.pk, person=ana, shown=fix.digest, canary=False)

        def over() -> bool:
            carrying.step(fix.pk)
            fix.refresh_from_db()
            return fix.state not in Fix.RUNNING

        try:
            self.work(over)
        finally:
            Fix.objects.update(person=None)
            ana.delete()

    def die(self, endpoint: Endpoint, step: str = "") -> None:
        """A worker delivers to the endpoint and is killed: when it comes to a step (module:class:method), else
        before it writes down what it has sent."""
        command = [sys.executable, "-c", WORKER, str(endpoint.pk), step]
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        run = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)
        assert run.returncode == -signal.SIGKILL, run.stderr


def _run(lane: Callable[[int], Turn], key: int, over: Event, failures: list[BaseException]) -> None:
    try:
        with schema_context("kestrel"):
            while not over.is_set():
                try:
                    done = lane(key).done
                except OperationalError:  # it lost a race for rows and comes again, as in a worker
                    continue
                if not done:
                    over.wait(IDLE)
    except BaseException as error:
        failures.append(error)
    finally:
        connections.close_all()
