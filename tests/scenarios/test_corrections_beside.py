"""Corrections and runs that meet, each in a connection of its own: what differs is booked once."""

from collections.abc import Iterator
from threading import Thread

import pytest
from django.db import connections
from django_tenants.utils import schema_context

from monitoring.domain import reconcile_correct, reconcile_define, reconcile_standing
from monitoring.domain.states import NotNowError
from monitoring.models import Break, Correction
from portal.accounts.models import Person, Role
from tests import pipeline
from tests.connectors.sql.erp import sqlite_erp
from tests.reconciliation.conftest import House, only_break, run, twice
from tests.scenarios.passes import side_by_side

pytestmark = [pytest.mark.db, pytest.mark.long]


@pytest.fixture
def people(site) -> Iterator[list[Person]]:
    role = Role.objects.first()
    made = [
        Person.objects.create(email=f"{name}@beside.test", name=name, role=role)
        for name in ("Ana", "Ben", "Cy")
    ]
    yield made
    Correction.objects.filter(actor__in=made).update(actor=None)
    Person.objects.filter(pk__in=[one.pk for one in made]).delete()


@pytest.fixture
def house(site, sink, tmp_path) -> Iterator[House]:
    with sqlite_erp(tmp_path) as erp:
        yield House(site.harbor, erp, sink.url)


def gap(house: House, off: int):
    house.count({"TENT-2P": off})
    one = house.define()
    twice(one)
    return one, only_break(one)


def attempts(works, said: list[str]):
    """Each as a function that notes what became of it."""

    def attempt(work):
        def go() -> None:
            try:
                said.append(work().state)
            except NotNowError as error:
                said.append(str(error))

        return go

    return [attempt(work) for work in works]


def ask(one: Break, person: Person):
    return reconcile_correct.ask(one.pk, "adjust", actor=person, reason="Counted")


def test_a_run_does_not_overwrite_a_correction_made_beside_it(house, people, monkeypatch):
    one, found = gap(house, -2)
    before, fill, threads = house.erp_stock(), reconcile_standing._fill, []

    def correct() -> None:
        with schema_context("kestrel"):
            ask(found, people[0])
        connections.close_all()

    def fill_while_somebody_corrects(scope, broken, entry):
        if not threads:
            threads.append(Thread(target=correct))
            threads[0].start()
            threads[0].join(1.5)  # without a lock it is done within that time
        return fill(scope, broken, entry)

    monkeypatch.setattr(reconcile_standing, "_fill", fill_while_somebody_corrects)
    run(one)
    threads[0].join(30)
    assert Break.objects.get().status == "corrected"
    with pytest.raises(NotNowError, match="corrected already"):
        ask(found, people[1])
    pipeline.run(house.customer_id)
    assert house.erp_stock() == before - 2


def test_of_three_who_correct_at_once_one_does(house, people):
    _, found = gap(house, -2)
    before, said = house.erp_stock(), []
    side_by_side(*attempts([lambda p=p: ask(found, p) for p in people], said))
    assert said.count("done") == 1
    pipeline.run(house.customer_id)
    assert house.erp_stock() == before - 2


def test_of_two_who_let_it_through_at_once_one_does(house, people):
    ana, ben, cy = people
    _, found = gap(house, -5)
    asked, before, said = ask(found, ana), house.erp_stock(), []
    works = [lambda p=p: reconcile_correct.approve(asked.pk, actor=p) for p in (ben, cy)]
    side_by_side(*attempts(works, said))
    assert said.count("done") == 1
    pipeline.run(house.customer_id)
    assert house.erp_stock() == before - 5


def test_two_reconciliations_of_the_same_sides_book_one_gap_once(house, people):
    _, found = gap(house, -2)
    content = {"kind": "inventory", "sides": house.sides}
    other = reconcile_define.create(house.customer, label="Again", content=content, actor="E")
    twice(other)
    second, before, said = only_break(other), house.erp_stock(), []
    works = [lambda: ask(found, people[0]), lambda: ask(second, people[1])]
    side_by_side(*attempts(works, said))
    assert said.count("done") == 1
    assert any("was booked for it at" in text for text in said)
    pipeline.run(house.customer_id)
    assert house.erp_stock() == before - 2
