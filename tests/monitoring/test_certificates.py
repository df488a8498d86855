"""A certificate that ends soon has a case, until one that is good for longer is there."""

import pytest

from monitoring.domain import certificates
from monitoring.models import ExceptionCase
from portal.core import clock
from tests.door import as2_partner as partner
from tests.door.as2_partner import keys, pem
from tests.people import sign_in

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def connector():
    with partner.registered():
        yield


def look():
    certificates.look(clock.now())
    return list(ExceptionCase.objects.order_by("number"))


@pytest.mark.parametrize(("days", "severity"), [(29, 3), (6, 2), (2, 1), (-1, 1)])
def test_a_certificate_that_ends_opens_one_case(kestrel, days, severity):
    partner.endpoint(kestrel.harbor, as2_certificate=pem(keys("north", days=days)))
    look()
    [case] = look()
    assert (case.code, case.severity, case.customer_id) == (
        "cert_expiring",
        severity,
        kestrel.harbor,
    )
    assert case.title == "A certificate of Depot expires soon"
    lines = dict(case.evidence["lines"])
    assert lines["Certificate"].startswith("AS2, the partner's certificate, until")


def test_none_for_one_that_is_good_for_longer_or_has_its_next(kestrel):
    partner.endpoint(kestrel.harbor)
    ending = pem(keys("north", days=5))
    partner.endpoint(
        kestrel.harbor, "other", as2_certificate=ending, as2_next_certificate=pem(keys("north 2"))
    )
    partner.endpoint(kestrel.maris, "broken", as2_certificate="nonsense")
    assert look() == []


def test_the_next_one_closes_the_case_and_a_person_sees_it_before(kestrel):
    depot = partner.endpoint(kestrel.harbor, as2_certificate=pem(keys("north", days=20)))
    [case] = look()
    engineer = sign_in(kestrel, "engineer")
    for page in (f"/cases/{case.number}/", "/desk/", "/endpoints/depot/"):
        answer = engineer.get(page)
        assert answer.status_code == 200, page
        assert "expire" in answer.content.decode() or "ends in" in answer.content.decode(), page
    depot.settings["as2_next_certificate"] = pem(keys("north 2"))
    depot.save()
    [case] = look()
    assert case.state == "resolved" and "good for longer" in case.resolution
