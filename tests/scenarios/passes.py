"""Passes over one customer's documents, in threads of their own."""

import time
from collections.abc import Callable
from threading import Barrier, Thread

from django.db import OperationalError, connection, connections
from django_tenants.utils import schema_context

from integrations.domain import receive
from integrations.models import Message


def side_by_side(*works: Callable[[], object]) -> None:
    """Run each in a thread of its own, all starting together; what one raises is raised."""
    barrier, failures = Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            with schema_context("kestrel"):
                connection.ensure_connection()
                barrier.wait(10)
                work()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]


def translate_all(customer_id: int) -> Callable[[], None]:
    """Passes until nothing is left; one that lost a race for rows comes again, as in a worker."""

    def work() -> None:
        ends = time.monotonic() + 50
        while time.monotonic() < ends:
            try:
                if not receive.receive(customer_id).done and not _received(customer_id):
                    return
            except OperationalError:
                continue
        raise AssertionError("it never came to an end")

    return work


def _received(customer_id: int) -> bool:
    return Message.objects.filter(customer_id=customer_id, state="received").exists()
