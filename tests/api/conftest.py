import pytest

from tests.api.asking import Program, program
from tests.isolation import planting


@pytest.fixture
def app(kestrel) -> Program:
    """A program with everything an admin may give."""
    return program(kestrel)


@pytest.fixture
def own(kestrel) -> Program:
    """A program of the customer Harbor."""
    return program(kestrel, customer_id=kestrel.harbor)


@pytest.fixture
def planted(db):
    """Something of everything at two partners of two customers each, see tests.isolation."""
    return planting.plant_all()
