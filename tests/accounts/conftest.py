"""People with roles, without browsers."""

import pytest

from portal.accounts.models import Person, Role
from tests.people import PASSWORD


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
