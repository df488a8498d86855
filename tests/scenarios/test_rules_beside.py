"""Several workers look at the same case at once: the rule acts once."""

from collections.abc import Iterator

import pytest
from django_tenants.utils import schema_context

from monitoring.domain import rule_engine
from monitoring.models import Fix
from tests.integrations.test_pipeline import sink  # noqa: F401 - a fixture
from tests.monitoring.conftest import hold, place
from tests.monitoring.rule_scenery import rule
from tests.people import Site
from tests.scenarios import committed
from tests.scenarios.test_side_by_side import side_by_side

pytestmark = pytest.mark.db


@pytest.fixture
def site(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Site]:
    with django_db_blocker.unblock(), committed.swept_afterwards():
        made = committed.site("kestrel")
        with schema_context("kestrel"):
            yield made


def test_two_workers_at_one_case_let_the_rule_act_once(site, sink):  # noqa: F811
    rule()
    case = hold(place(site.harbor, sink), "1001", "1002")
    side_by_side(*[lambda: rule_engine.consider(case.pk)] * 4)
    assert [fix.documents for fix in Fix.objects.all()] == [2]


def test_two_cases_at_once_keep_to_the_limit_of_a_day(site, sink):  # noqa: F811
    rule(most_per_day=3)
    cases = [
        hold(place(site.harbor, sink), "1001", "1002"),
        hold(place(site.maris, sink, prefix="maris-"), "2001", "2002"),
    ]
    side_by_side(*[lambda case=case: rule_engine.consider(case.pk) for case in cases])
    assert [fix.documents for fix in Fix.objects.all()] == [2]
