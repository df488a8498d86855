"""Several workers look at the same case at once: the rule acts once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from django.db import connections, transaction
from django_tenants.utils import schema_context

from monitoring.domain import rule_engine
from monitoring.models import Fix
from tests.integrations.test_pipeline import sink  # noqa: F401 - a fixture
from tests.monitoring.conftest import hold, place
from tests.monitoring.rule_scenery import rule
from tests.scenarios.test_side_by_side import side_by_side

pytestmark = pytest.mark.db


@contextmanager
def another_worker_at(case) -> Iterator[None]:
    """Another worker looks at the case, and what it begins is not committed before the end."""
    with transaction.atomic():
        assert rule_engine.consider(case.pk) is not None
        yield
        time.sleep(0.5)  # whoever waits for nobody would be through by now


def look_at(case) -> Thread:
    def run() -> None:
        with schema_context("kestrel"):
            rule_engine.consider(case.pk)
        connections.close_all()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_two_workers_at_one_case_let_the_rule_act_once(site, sink):  # noqa: F811
    rule()
    case = hold(place(site.harbor, sink), "1001", "1002")
    with another_worker_at(case):
        late = look_at(case)
    late.join(30)
    assert [fix.documents for fix in Fix.objects.all()] == [2]


def test_many_workers_at_one_case_let_the_rule_act_once(site, sink):  # noqa: F811
    rule()
    case = hold(place(site.harbor, sink), "1001", "1002")
    side_by_side(*[lambda: rule_engine.consider(case.pk)] * 4)
    assert [fix.documents for fix in Fix.objects.all()] == [2]


def test_two_cases_at_once_keep_to_the_limit_of_a_day(site, sink):  # noqa: F811
    rule(most_per_day=3)
    mine = hold(place(site.harbor, sink), "1001", "1002")
    theirs = hold(place(site.maris, sink, prefix="maris-"), "2001", "2002")
    with another_worker_at(mine):
        late = look_at(theirs)
    late.join(30)
    assert [fix.case_id for fix in Fix.objects.all()] == [mine.pk]
