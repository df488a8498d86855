import pytest

from tests.isolation import planting


@pytest.fixture
def planted(db):
    return planting.plant_all()
