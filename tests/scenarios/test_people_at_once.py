"""Two at once, where one after the other would be refused: one person comes of it, and one manager stays."""

from collections.abc import Iterator

import pytest

from portal.accounts.domain import inviting, leaving
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Invitation, Person
from portal.core.links import LinkOverError
from tests.accounts.conftest import person, role
from tests.scenarios.passes import side_by_side

pytestmark = pytest.mark.db


@pytest.fixture
def house(site) -> Iterator[None]:
    """Whoever is let in here is really stored, and gone afterwards."""
    yield
    Invitation.objects.all().delete()
    Person.objects.all().delete()


def tried(verb, refusal, outcomes):
    def run():
        try:
            verb()
        except refusal as error:
            outcomes.append(str(error))
        else:
            outcomes.append("done")

    return run


def test_one_link_opened_by_four_at_once_makes_one_person(house):
    _, token = inviting.invite(
        person("admin", name="Ada"), email="mira@kestrel.test", name="Mira", role=role("operator")
    )
    outcomes = []
    come_in = tried(
        lambda: inviting.accept(token, name="Mira", password="correct horse battery"),
        LinkOverError,
        outcomes,
    )
    side_by_side(*[come_in] * 4)
    assert outcomes.count("done") == 1
    assert sum("used already" in one for one in outcomes) == 3
    assert Person.objects.filter(email="mira@kestrel.test").count() == 1


def test_two_admins_who_end_each_others_access_at_once_leave_one(house):
    ada, ben = person("admin", name="Ada"), person("admin", name="Ben")
    outcomes = []
    side_by_side(
        tried(lambda: leaving.deactivate(ada, ben.pk), RefusedError, outcomes),
        tried(lambda: leaving.deactivate(ben, ada.pk), RefusedError, outcomes),
    )
    assert sorted(outcomes) == [
        "Nobody would be left who manages people. Give somebody else that right first.",
        "done",
    ]
    assert Person.objects.filter(is_active=True).count() == 1
