"""Who works on a case: one person at a time, as long as they give signs of life."""

from datetime import datetime, timedelta

import pytest

from monitoring.domain import closing, leases, opening, states
from monitoring.domain.leases import HeldError, LeaseLostError
from monitoring.models import CaseEvent, ExceptionCase, Lease
from portal.accounts.models import Person
from portal.core import clock
from tests.monitoring.conftest import hold

pytestmark = pytest.mark.db
NINE = datetime.fromisoformat("2026-03-02T09:00:00+00:00")


@pytest.fixture
def case(harbor):
    return hold(harbor, "1001")


def test_of_two_people_the_second_is_told_who_has_it(case, ana, ben):
    with clock.freeze(NINE):
        leases.take(case.pk, ana)
        with pytest.raises(HeldError, match="Operator works on it since 09:00 UTC"):
            leases.take(case.pk, ben)
    assert Lease.objects.get().person == ana


def test_taking_it_again_is_a_sign_of_life_and_no_second_lease(case, ana):
    with clock.freeze(NINE) as now:
        leases.take(case.pk, ana)
        now.move(120)
        leases.take(case.pk, ana)
        lease = Lease.objects.get()
        assert lease.until == NINE + timedelta(minutes=7)  # 09:02 + 5


def test_a_lease_without_signs_of_life_returns_by_itself_and_counts_what_was_worked(case, ana, ben):
    with clock.freeze(NINE) as now:
        leases.take(case.pk, ana)
        now.move(90)
        leases.beat(case.pk, ana)
        now.move(299)
        assert leases.return_abandoned() == 0
        now.move(2)
        assert leases.return_abandoned() == 1
        lease = Lease.objects.get()
        assert (lease.ending, lease.worked) == ("abandoned", timedelta(seconds=90))
        with pytest.raises(LeaseLostError, match="ended for want of a sign of life"):
            leases.beat(case.pk, ana)
        leases.take(case.pk, ben)
        with pytest.raises(LeaseLostError, match="The case is Engineer's now"):
            leases.beat(case.pk, ana)


def test_an_abandoned_case_can_be_taken_before_anybody_swept(case, ana, ben):
    with clock.freeze(NINE) as now:
        leases.take(case.pk, ana)
        now.move(301)
        leases.take(case.pk, ben)
    assert list(Lease.objects.order_by("pk").values_list("person_name", "ending")) == [
        ("Operator", "abandoned"),
        ("Engineer", ""),
    ]


def test_the_minutes_of_a_closed_case_end_with_it(case, ana):
    with clock.freeze(NINE) as now:
        states.take(case.pk, ana)
        now.move(180)
        closing.close([case.pk], cause="mended", actor=ana.name)
        lease = Lease.objects.get()
        assert (lease.ending, lease.worked) == ("closed", timedelta(minutes=3))


def test_take_next_passes_over_what_others_have(harbor, ana, ben):
    first, second = hold(harbor, "1001"), hold(harbor, "1002", sku="OTHER")
    queue = ExceptionCase.objects.order_by("number")
    assert leases.take_next(queue, ana).case_id == first.pk
    assert leases.take_next(queue, ben).case_id == second.pk
    assert leases.take_next(queue, Person.objects.create_person(
        email="third@kestrel.test", name="Third", role=ana.role, password="x y z")) is None  # fmt: skip


def test_taking_a_case_acknowledges_it_once(case, ana):
    states.take(case.pk, ana)
    states.take(case.pk, ana)
    case.refresh_from_db()
    assert (case.state, case.acknowledge_due) == ("open", None)
    assert CaseEvent.objects.filter(case=case, action="acknowledged").count() == 1


def test_giving_it_back_frees_it(case, ana, ben):
    leases.take(case.pk, ana)
    assert leases.release(case.pk, ana) is True
    assert leases.release(case.pk, ana) is False
    assert leases.take(case.pk, ben).person == ben


def test_two_opened_for_one_cause_at_once_leave_one_case(case):
    twin = ExceptionCase.objects.get(pk=case.pk)
    twin.pk = None
    twin.save(force_insert=True)
    assert opening.begin([twin]) == []
    assert ExceptionCase.objects.count() == 1
