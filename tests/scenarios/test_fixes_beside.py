"""A fix is begun, tried again or let go by several at the same moment: nobody waits for ever."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest

from integrations.models import LookupRow
from monitoring.domain import bulk, carrying, fixing, leases, questions, rule_engine
from monitoring.domain.answers import Given
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.states import NotNowError
from monitoring.models import Fix
from portal.accounts.models import Person, Role
from tests.monitoring.asking import ask
from tests.monitoring.conftest import hold, place
from tests.monitoring.rule_scenery import rule
from tests.scenarios.passes import side_by_side

pytestmark = [pytest.mark.db, pytest.mark.long]
ROUNDS = 8


@pytest.fixture
def harbor(site, sink):
    return place(site.harbor, sink)


@pytest.fixture
def ana(site):
    role = Role.objects.get(slug="operator")
    person = Person.objects.create_person(
        email="ana@two.test", name="Ana", role=role, password=None
    )
    yield person
    person.delete()


@pytest.fixture
def case(harbor):
    return hold(harbor, "1001", "1002")


def tried(case, ana) -> Fix:
    """A remedy that was tried, and nobody has the case."""
    fix = fixing.begin(
        case, "retry", {}, words="Replayed as it is", person=ana,
        ids=fixing.frozen(case, up_to=2**62),
    )  # fmt: skip
    carrying.step(fix.pk)
    leases.release(case.pk, ana)
    fix.refresh_from_db()
    assert fix.state == Fix.State.CHECKED
    return fix


def unless_late(work: Callable[[], object]) -> Callable[[], None]:
    """Whoever comes second may be told so; whatever else is raised is raised."""

    def run() -> None:
        with suppress(NotNowError, NotDoneError):
            work()

    return run


def test_many_cases_tried_at_once_while_somebody_tries_one_again(case, ana):
    for _ in range(ROUNDS):
        fix = tried(case, ana)
        found = bulk.freeze([case.pk], person=ana)
        side_by_side(
            unless_late(partial(bulk.act, found.pk, "retry", {}, person=ana, shown=found.digest)),
            unless_late(partial(fixing.check_again, fix.pk, person=ana)),
        )
        assert Fix.objects.filter(case=case, state__in=Fix.LIVE).count() == 1
        leases.release(case.pk, ana)


def test_the_customer_answers_while_somebody_tries_a_remedy_again(case, ana):
    for _ in range(ROUNDS):
        fix = tried(case, ana)
        _, token = ask(case, ana)
        side_by_side(
            partial(questions.answer, token, Given(choice=0)),
            unless_late(partial(fixing.check_again, fix.pk, person=ana)),
        )
        assert Fix.objects.filter(case=case, state__in=Fix.LIVE).count() == 1
        Fix.objects.filter(case=case).update(state=Fix.State.CANCELLED)
        leases.release(case.pk, ana)


def test_a_rule_looks_at_the_case_while_somebody_lets_a_remedy_go(harbor, ana):
    rule()
    for n in range(ROUNDS):
        case = hold(harbor, f"20{n}", sku=f"TENT-OLD-{n}")
        fix = tried(case, ana)
        LookupRow.objects.create(table=harbor.table, code=f"TENT-OLD-{n}", value="TENT-2P")
        side_by_side(
            partial(rule_engine.consider, case.pk),
            unless_late(partial(fixing.go, fix.pk, person=ana, shown=fix.digest, canary=False)),
        )
        assert Fix.objects.filter(case=case, state__in=Fix.LIVE).count() <= 1
