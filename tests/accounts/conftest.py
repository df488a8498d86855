"""People with roles, without browsers."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from portal.accounts.models import Person, Role
from portal.core import clock
from portal.core.clock import FrozenClock
from tests.people import PASSWORD

AT = datetime(2026, 12, 1, 9, 0, 10, tzinfo=UTC)


def person(slug, *, name="", customer_id=None):
    name = name or slug.title()
    return Person.objects.create_person(
        email=f"{name.lower().replace(' ', '.')}@kestrel.test", name=name,
        role=Role.objects.get(slug=slug), password=PASSWORD, customer_id=customer_id,
    )  # fmt: skip


def role(slug):
    return Role.objects.get(slug=slug)


@pytest.fixture
def ada(kestrel):
    """Manages people, and holds every right of the partner's staff."""
    return person("admin", name="Ada")


@pytest.fixture
def lead(kestrel):
    """Manages people, and may otherwise do no more than an operator."""
    made = role("operator")
    Role.objects.create(slug="lead", label="Lead", permissions=[*made.permissions, "people.manage"])
    return person("lead", name="Lou")


@pytest.fixture
def olga(kestrel):
    """Looks after the people of the customer Harbor."""
    return person("owner", name="Olga", customer_id=kestrel.harbor)


@pytest.fixture
def stopped() -> Iterator[FrozenClock]:
    """A clock that a test moves."""
    with clock.freeze(AT) as frozen:
        yield frozen
